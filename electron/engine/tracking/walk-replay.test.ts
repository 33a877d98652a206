import { describe, expect, it } from 'vitest'
import { discMask } from '../../../test/fixtures/disc-film.ts'
import { encodeRunLength, emptyRunLength } from '../masks/run-length-mask.ts'
import { followView, promptView } from './follow-zoom.ts'
import { judgePresence } from './presence-judge.ts'
import { Shots } from './shots.ts'
import { DEFAULT_TRACKING } from './tracking-options.ts'
import { framesToRecall, replayWalk, type PassedFrame } from './walk-replay.ts'

const frame = { widthPx: 320, heightPx: 180 }
const modelSizePx = 128
const options = { tracking: DEFAULT_TRACKING, shots: new Shots(), frame, modelSizePx }

function passed(frameIndex: number, radius: number, predictedIou: number | null = 0.8): PassedFrame {
  const mask =
    radius === 0
      ? emptyRunLength(frame.heightPx, frame.widthPx)
      : encodeRunLength(discMask({ x: 100 + frameIndex, y: 90, radius }, frame))
  return { frameIndex, mask, predictedIou, isGiven: frameIndex === 0 }
}

describe('a walk from what is stored of it', () => {
  it('knows the usual predicted IoU as it was judged', () => {
    const ious = [0.8, 0.7, 0.9, 0.4]
    const replayed = replayWalk([passed(0, 40), ...ious.map((iou, at) => passed(at + 1, 40, iou))], options)
    let usualIou: number | null = null
    for (const [at, predictedIou] of ious.entries()) {
      const found = {
        ...{ predictedIou, objectScore: 1, likeness: null, lastingLikeness: null },
        ...{ maskLogits: Float32Array.of(1), pointer: new Float32Array(1) },
      }
      const judged = judgePresence(found, { usualIou, isGone: false, isAfterCut: false, doubt: 'none' })
      usualIou = judged.usualIou
      expect(replayed[at + 1]!.usualIou).toBe(usualIou)
      expect(replayed[at + 1]!.isExample).toBe(judged.verdict === 'seen')
    }
  })

  it('keeps a view that was begun by the prompt, and widens it while the object is gone', () => {
    const replayed = replayWalk([passed(0, 14), passed(1, 14), passed(2, 0), passed(3, 0)], options)
    const box = { leftPx: 87, topPx: 77, widthPx: 27, heightPx: 27 }
    expect(replayed[0]!.view).toEqual(promptView(box, frame, modelSizePx))
    expect(followView(box, null, frame, modelSizePx)).toBeNull()
    const widths = replayed.map(({ view }) => view?.widthPx ?? null)
    expect(widths[1]).toBe(widths[0])
    expect(replayed.map(({ isFound }) => isFound)).toEqual([true, true, false, false])
    expect(widths.slice(2)).toEqual([widths[0], null])
  })

  it('begins with the whole frame after a cut', () => {
    const frames = [passed(0, 14), passed(1, 14), passed(2, 14)]
    const replayed = replayWalk(frames, { ...options, shots: new Shots([2]) })
    expect(replayed.map(({ view }) => view === null)).toEqual([false, false, true])
  })

  it('recalls that the object was gone, since which there is doubt', () => {
    const frames = [40, 40, 0, 0, 40, 40].map((radius, frameIndex) => passed(frameIndex, radius))
    const recalled = framesToRecall(replayWalk(frames, options), 7)
    expect(recalled.map(({ frameIndex, isFound }) => [frameIndex, isFound])).toEqual([
      [1, true],
      [3, false],
      [4, true],
      [5, true],
    ])
  })

  it('looks beyond an absence for the frames that show the object, well above all', () => {
    const frames = [
      ...Array.from({ length: 12 }, (_, frameIndex) => passed(frameIndex, 40, frameIndex < 8 ? 0.8 : 0.4)),
      ...Array.from({ length: 30 }, (_, place) => passed(12 + place, 0)),
    ]
    const recalled = framesToRecall(replayWalk(frames, options), 6)
    expect(recalled.map(({ frameIndex }) => frameIndex)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 41])
  })
})
