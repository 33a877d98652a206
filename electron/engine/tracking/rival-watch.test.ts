import { describe, expect, it } from 'vitest'
import { GIVEN_FRAME, type FrameRecord } from './frame-record.ts'
import { goingOn, isSteady } from './rival-watch.ts'

const maskSize = 16
const frame = { widthPx: 64, heightPx: 32 }

/** Foreground in these columns, from the first up to the second. */
function columns(...stretches: readonly (readonly [number, number])[]): Float32Array {
  return Float32Array.from({ length: maskSize ** 2 }, (_, cell) => {
    const column = cell % maskSize
    return stretches.some(([first, last]) => column >= first && column < last) ? 5 : -5
  })
}

function record(maskLogits: Float32Array, facts: Partial<FrameRecord> = {}): FrameRecord {
  return {
    ...GIVEN_FRAME,
    ...{ maskLogits, pointer: new Float32Array(1), objectScore: 1, predictedIou: 0.8, memory: null },
    ...facts,
  }
}

function columnsOf(maskLogits: Float32Array): number[] {
  return [...maskLogits.subarray(0, maskSize).keys()].filter((column) => maskLogits[column]! > 0)
}

const object = record(columns([2, 6]))

describe('what goes on from the object', () => {
  const find = (maskLogits: Float32Array, passed: readonly FrameRecord[] = [object]) =>
    goingOn({ maskLogits, view: null }, true, object, passed, maskSize, frame)

  it('leaves out a rival beside it', () => {
    const { maskLogits, hasRival } = find(columns([2, 6], [10, 13]))
    expect([hasRival, columnsOf(maskLogits)]).toEqual([true, [2, 3, 4, 5]])
  })

  it('keeps both parts of an object that comes out from behind something', () => {
    const halfHidden = columns([2, 4], [8, 10])
    expect(find(halfHidden)).toEqual({ maskLogits: halfHidden, hasRival: false })
  })

  it('keeps what comes back into the mask where the model is as sure as ever', () => {
    const whole = columns([2, 6], [10, 13])
    const kept = goingOn({ maskLogits: whole, view: null }, false, object, [object], maskSize, frame)
    expect(kept).toEqual({ maskLogits: whole, hasRival: false })
  })

  it('may grow as it likes, but not where a rival was a short while ago', () => {
    const grown = columns([2, 12])
    expect(columnsOf(find(grown).maskLogits)).toHaveLength(10)
    const rivalled = record(columns([2, 6]), { hasRival: true })
    const { maskLogits, hasRival } = find(grown, [object, rivalled])
    expect([hasRival, columnsOf(maskLogits)]).toEqual([false, [2, 3, 4, 5, 6]])
  })

  it('is told across views of the frame', () => {
    // The left half of the frame, so that every column is two.
    const view = { leftPx: 0, topPx: 0, widthPx: 32, heightPx: 32 }
    const found = { maskLogits: columns([4, 12], [13, 16]), view }
    const { maskLogits, hasRival } = goingOn(found, true, object, [object], maskSize, frame)
    expect([hasRival, columnsOf(maskLogits)]).toEqual([true, [4, 5, 6, 7, 8, 9, 10, 11]])
  })
})

describe('a steady mask', () => {
  const isSteadyAt = (width: number, passed: readonly FrameRecord[]): boolean =>
    isSteady({ maskLogits: columns([0, width]), view: null }, passed, frame)

  it('has about the usual area', () => {
    const passed = [5, 5, 15].map((width) => record(columns([0, width])))
    expect([3, 5, 6, 7].map((width) => isSteadyAt(width, passed))).toEqual([false, true, true, false])
    expect(isSteadyAt(9, [])).toBe(true)
  })

  it('is compared with frames alone on which the object was found', () => {
    const lost = record(columns([0, 1]), { isFound: false })
    expect(isSteadyAt(5, [lost, lost, record(columns([0, 5]))])).toBe(true)
  })

  it('comes some frames after the last one that tells apart', () => {
    const plain = record(columns([0, 5]))
    const telling = record(columns([0, 5]), { tellsApart: true })
    expect(isSteadyAt(5, [plain, plain, plain, telling])).toBe(false)
    expect(isSteadyAt(5, [plain, plain, plain, plain, telling])).toBe(true)
  })
})
