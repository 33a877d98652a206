import { describe, expect, it } from 'vitest'
import { GIVEN_FRAME, UNSEEN_FRAME, type FrameRecord } from './frame-record.ts'
import { FrameRecords } from './frame-records.ts'
import { Shots } from './shots.ts'
import { isPromptedInShot, newestBefore, passedInShot, wasSeenInShot } from './walked-frames.ts'

function record(facts: Partial<FrameRecord> = {}): FrameRecord {
  return {
    ...GIVEN_FRAME,
    ...{ maskLogits: new Float32Array(1), pointer: new Float32Array(1), memory: null },
    ...{ objectScore: 1, predictedIou: 0.8 },
    ...facts,
  }
}

const at = (frameIndex: number, reverse = false) => ({ frameIndex, frameCount: 100, reverse })
const shots = new Shots([10])

/** Prompted on frame 12; tracked on 8 and 9, not seen on 9. */
const known = {
  conditioning: new Map([[12, record()]]),
  tracked: new FrameRecords([
    [8, record({ usualIou: 0.7 })],
    [9, record(UNSEEN_FRAME)],
  ]),
}

describe('what a walk has behind it', () => {
  it('is what it came by last, whichever way it goes', () => {
    const boxOf = () => null
    const forward = newestBefore(known, at(10), shots, boxOf)!
    expect([forward.frameIndex, forward.isGone, forward.usualIou]).toEqual([9, true, 0.7])
    expect(newestBefore(known, at(9, true), shots, boxOf)!.frameIndex).toBe(12)
    expect(newestBefore(known, at(5), shots, boxOf)).toBeNull()
  })

  it('shows an object in a shot only by what was passed of it', () => {
    expect([9, 11, 13].map((frameIndex) => wasSeenInShot(known, at(frameIndex), shots))).toEqual([
      true,
      false,
      true,
    ])
  })

  it('does not tell of a shot by prompts of another', () => {
    expect([5, 11].map((frameIndex) => isPromptedInShot(known, at(frameIndex), shots))).toEqual([false, true])
    expect(isPromptedInShot(known, at(5), new Shots())).toBe(true)
  })

  it('ends at the cut', () => {
    expect(passedInShot(known, at(10), shots)).toEqual([])
    expect(passedInShot(known, at(10), new Shots())).toHaveLength(2)
  })
})
