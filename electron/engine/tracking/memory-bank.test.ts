import { describe, expect, it } from 'vitest'
import { floatTensor, floatsOf } from '../../../models/runtime/tensor.ts'
import { GIVEN_FRAME, type FrameRecord } from './frame-record.ts'
import { selectFromBank, type BankOptions } from './memory-bank.ts'

/** A record whose memory and pointer carry its frame index. */
function record(frameIndex: number): FrameRecord {
  return {
    maskLogits: new Float32Array(1),
    pointer: Float32Array.of(frameIndex),
    memory: floatTensor(Float32Array.of(frameIndex), [1, 1, 1]),
    objectScore: 1,
    predictedIou: 1,
    ...GIVEN_FRAME,
  }
}

function records(conditioning: number[], tracked: number[]) {
  const map = (frames: number[]): Map<number, FrameRecord> =>
    new Map(frames.map((frame) => [frame, record(frame)]))
  return { conditioning: map(conditioning), tracked: map(tracked) }
}

const options: BankOptions = {
  memoryCount: 7,
  pointerCount: 16,
  conditioningFrames: null,
  signedDistances: true,
}

function select(
  bank: ReturnType<typeof records>,
  frameIndex: number,
  changes: Partial<BankOptions & { reverse: boolean; frameCount: number }> = {},
) {
  const { reverse = false, frameCount = 100, ...rest } = changes
  const chosen = selectFromBank(bank, { frameIndex, frameCount, reverse }, { ...options, ...rest })
  return {
    memories: chosen.memories.map((memory) => floatsOf(memory)[0]),
    times: chosen.memoryTimes,
    pointers: chosen.pointers.map(([frame]) => frame),
    distances: chosen.pointerDistances.map((distance) =>
      Math.round(distance * (Math.min(frameCount, 16) - 1)),
    ),
  }
}

const upTo = (last: number, first = 0): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index)

describe('selectFromBank', () => {
  it('takes the prompted frame and the six before, each with its row of the time code', () => {
    const { memories, times } = select(records([0], upTo(29, 1)), 30)
    expect(memories).toEqual([0, 24, 25, 26, 27, 28, 29])
    expect(times).toEqual([6, 5, 4, 3, 2, 1, 0])
  })

  it('takes pointers of past prompted frames and of fifteen frames before', () => {
    const { pointers, distances } = select(records([0], upTo(29, 1)), 30)
    expect(pointers).toEqual([0, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15])
    expect(distances).toEqual([30, ...upTo(15, 1)])
  })

  it('looks the other way in reverse', () => {
    const { memories, times, distances } = select(records([20], upTo(19, 11)), 10, { reverse: true })
    expect(memories).toEqual([20, 16, 15, 14, 13, 12, 11])
    expect(times).toEqual([6, 5, 4, 3, 2, 1, 0])
    expect(distances).toEqual([10, ...upTo(9, 1)])
  })

  it('sees the memory of a prompted frame to come, and not its pointer', () => {
    const { memories, pointers } = select(records([40], []), 30)
    expect(memories).toEqual([40])
    expect(pointers).toEqual([])
  })

  it('scales distances to a short video', () => {
    const { distances } = select(records([0], [1, 2]), 3, { frameCount: 5 })
    expect(distances).toEqual([3, 1, 2])
  })

  it('attends to the nearest prompted frames only, and to the others as ordinary ones', () => {
    const { memories, times } = select(records([0, 10, 28, 50], [29]), 30, { conditioningFrames: 2 })
    expect(memories).toEqual([28, 50, 29])
    expect(times).toEqual([6, 6, 0])
    const near = select(records([0, 28, 29, 50], []), 30, { conditioningFrames: 2 })
    expect(near.memories).toEqual([29, 50, 28])
    expect(near.times).toEqual([6, 6, 1])
  })

  it('skips memories that were let go and keeps their pointers', () => {
    const bank = records([0], [25, 29])
    bank.tracked.set(25, { ...record(25), memory: null })
    const { memories, pointers } = select(bank, 30)
    expect(memories).toEqual([0, 29])
    expect(pointers).toContain(25)
  })
})
