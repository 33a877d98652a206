import { describe, expect, it } from 'vitest'
import { floatTensor, floatsOf } from '../../../models/runtime/tensor.ts'
import { GIVEN_FRAME, type FrameRecord } from './frame-record.ts'
import { FrameRecords } from './frame-records.ts'
import { bankOfChosen, type BankOptions } from './memory-bank.ts'
import { chosenFrames, forgetUnchosen, rememberedFor } from './selective-memory.ts'
import { Shots } from './shots.ts'

const bank: BankOptions = {
  memoryCount: 7,
  pointerCount: 16,
  conditioningFrames: null,
  signedDistances: true,
}

/** A record whose memory and pointer carry its frame index. */
function record(frameIndex: number, facts: Partial<FrameRecord> = {}): FrameRecord {
  return {
    ...GIVEN_FRAME,
    maskLogits: new Float32Array(1),
    pointer: Float32Array.of(frameIndex),
    memory: floatTensor(Float32Array.of(frameIndex), [1, 1, 1]),
    ...{ objectScore: 1, predictedIou: 0.8 },
    ...facts,
  }
}

/** Frames 1 to `last`, some of them with facts of their own. */
function walk(last: number, facts: Readonly<Record<number, Partial<FrameRecord>>> = {}): FrameRecords {
  const records = new FrameRecords()
  for (let index = 1; index <= last; index++) records.set(index, record(index, facts[index]))
  return records
}

function at(frameIndex: number, reverse = false) {
  return { frameIndex, frameCount: 100, reverse }
}

function framesOf(remembered: readonly { readonly record: FrameRecord }[]): number[] {
  return remembered.map(({ record: { pointer } }) => pointer[0]!)
}

describe('the frames an object is remembered by', () => {
  it('are those on which it was found, the nearest first, whichever way the walk goes', () => {
    const records = walk(6, { 4: { isFound: false } })
    expect(framesOf(rememberedFor(records, at(7), new Shots(), false))).toEqual([6, 5, 3, 2, 1])
    expect(framesOf(rememberedFor(records, at(0, true), new Shots(), false))).toEqual([1, 2, 3, 5, 6])
    expect(framesOf(rememberedFor(records, at(3), new Shots(), false))).toEqual([2, 1])
  })

  it('are those alone that show it well while it is looked for', () => {
    const records = walk(5, { 3: { isExample: false }, 5: { isFound: false, isExample: false } })
    expect(framesOf(rememberedFor(records, at(6), new Shots(), true))).toEqual([4, 2, 1])
  })

  it('are the newest good examples of other shots behind those of this one', () => {
    const records = walk(9, { 5: { isExample: false }, 8: { isFound: false, isExample: false } })
    const shots = new Shots([8, 10])
    expect(framesOf(rememberedFor(records, at(9), shots, false))).toEqual([7, 6, 4, 3, 2, 1])
    expect(framesOf(rememberedFor(records, at(10), shots, false))).toEqual([9, 7, 6, 4, 3, 2])
  })
})

describe('the slots for frames that tell the object from a look-alike', () => {
  const telling = { tellsApart: true, hasRival: true }
  const apart = (records: FrameRecords, frameIndex: number, shots = new Shots()): number[] =>
    framesOf(chosenFrames(records, at(frameIndex), bank, shots, false).tellingApart)

  it('hold the newest two of those that leave the slots of the recent frames', () => {
    const records = walk(30, { 3: telling, 8: telling, 14: telling, 28: telling })
    expect(apart(records, 31)).toEqual([14, 8])
    expect(apart(walk(30), 31)).toEqual([])
  })

  it('are of this shot', () => {
    expect(apart(walk(30, { 3: telling, 14: telling }), 31, new Shots([10]))).toEqual([14])
  })

  it('take the place of the oldest recent frames, with the time code of conditioning frames', () => {
    const records = walk(30, { 8: telling })
    const chosen = chosenFrames(records, at(31), bank, new Shots(), false)
    const { memories, memoryTimes } = bankOfChosen(
      new Map([[0, record(0)]]),
      { ...chosen, mirrored: new Map() },
      at(31),
      bank,
    )
    expect(memories.map((memory) => floatsOf(memory)[0])).toEqual([0, 8, 30, 29, 28, 27, 26])
    expect(memoryTimes).toEqual([6, 6, 0, 1, 2, 3, 4])
  })

  it('stand beside the mirrored conditioning frame, which has its time code and its pointer', () => {
    const bankWith = (mirrored: ReadonlyMap<number, FrameRecord>) =>
      bankOfChosen(
        new Map([[0, record(0)]]),
        { ...chosenFrames(walk(4), at(5), bank, new Shots(), false), mirrored },
        at(5),
        bank,
      )
    const plain = bankWith(new Map())
    const { memories, memoryTimes, pointers, pointerDistances } = bankWith(new Map([[0, record(99)]]))
    expect(memories.map((memory) => floatsOf(memory)[0])).toEqual([0, 99, 4, 3, 2, 1])
    expect(memoryTimes).toEqual([6, 6, 0, 1, 2, 3])
    expect(pointers.length).toBe(plain.pointers.length + 1)
    expect(pointerDistances[pointers.findIndex(([value]) => value === 99)]).toBe(5 / 15)
  })

  it('outlive the frames around them', () => {
    const records = walk(0)
    const shots = new Shots()
    for (let index = 1; index <= 60; index++) {
      records.set(index, record(index, index === 8 ? telling : {}))
      forgetUnchosen(records, at(index), bank, shots)
    }
    expect(apart(records, 61)).toEqual([8])
    expect(records.get(8)!.memory).not.toBeNull()
    expect(records.size).toBeLessThanOrEqual(bank.pointerCount + 1)
  })
})

describe('what is let go', () => {
  it('is what no later frame will remember: memories first, then pointers', () => {
    const records = walk(40)
    forgetUnchosen(records, at(40), bank, new Shots())
    const kept = [...records].sort(([a], [b]) => a - b)
    expect(kept.map(([index]) => index)).toEqual(Array.from({ length: 16 }, (_, place) => 25 + place))
    expect(kept.filter(([, { memory }]) => memory !== null).map(([index]) => index)).toEqual([
      34, 35, 36, 37, 38, 39, 40,
    ])
  })

  it('is no frame that shows the object well while it is not seen', () => {
    const records = walk(10)
    for (let index = 11; index <= 60; index++) {
      records.set(index, record(index, { isFound: false, isExample: false, memory: null }))
      forgetUnchosen(records, at(index), bank, new Shots())
    }
    expect(framesOf(rememberedFor(records, at(61), new Shots(), true)).slice(0, 3)).toEqual([10, 9, 8])
    expect(records.get(10)!.memory).not.toBeNull()
  })
})
