import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatFixtureList } from '../../../test/fixtures/format-fixture.ts'
import { arbitraryMaskOf } from './mask-arbitrary.ts'
import { MaskSizeMismatchError } from './mask-errors.ts'
import { isRunLengthEmpty, runLengthArea, runLengthCentroid, runLengthEquals } from './run-length-measures.ts'
import { decodeRunLength, emptyRunLength, encodeRunLength, fullRunLength } from './run-length-mask.ts'
import { intersectRunLength, runLengthIou, subtractRunLength, unionRunLength } from './run-length-sets.ts'

interface PairEntry {
  height: number
  width: number
  a: string
  b: string
  iou: number
  union: string
  intersection: string
}

describe('sets of run-length masks', () => {
  it.each(formatFixtureList<PairEntry>('pairs.json'))('agree with pycocotools: $a and $b', (pair) => {
    const size: [number, number] = [pair.height, pair.width]
    const a = { size, counts: pair.a }
    const b = { size, counts: pair.b }
    expect(runLengthIou(a, b, 0)).toBe(pair.iou)
    expect(unionRunLength(a, b).counts).toBe(pair.union)
    expect(intersectRunLength(a, b).counts).toBe(pair.intersection)
  })

  it('are what they are pixel by pixel', () => {
    const pair = fc
      .tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 }))
      .chain(([width, height]) => fc.tuple(arbitraryMaskOf(width, height), arbitraryMaskOf(width, height)))
    fc.assert(
      fc.property(pair, ([a, b]) => {
        const first = encodeRunLength(a)
        const second = encodeRunLength(b)
        const of = (member: (p: number, q: number) => number): Uint8Array =>
          a.data.map((p, i) => member(p, b.data[i]!))
        const sum = (data: Uint8Array): number => data.reduce((total, value) => total + value, 0)
        const union = of((p, q) => p | q)
        const intersection = of((p, q) => p & q)
        expect(decodeRunLength(unionRunLength(first, second)).data).toEqual(union)
        expect(decodeRunLength(intersectRunLength(first, second)).data).toEqual(intersection)
        expect(decodeRunLength(subtractRunLength(first, second)).data).toEqual(of((p, q) => p & ~q & 1))
        expect(runLengthIou(first, second, 1)).toBe(sum(union) ? sum(intersection) / sum(union) : 1)
        expect(runLengthEquals(first, second)).toBe(a.data.every((value, i) => value === b.data[i]))
        expect(isRunLengthEmpty(first)).toBe(sum(a.data) === 0)
        expect(runLengthArea(first)).toBe(sum(a.data))
        const places = [...a.data.keys()].filter((i) => a.data[i])
        const mean = (of: (i: number) => number): number =>
          places.reduce((total, i) => total + of(i), 0) / places.length
        expect(runLengthCentroid(first)).toEqual(
          places.length ? { x: mean((i) => i % a.widthPx), y: mean((i) => Math.floor(i / a.widthPx)) } : null,
        )
      }),
      { numRuns: 200 },
    )
  })

  it('leave the answer on two absent objects to the caller', () => {
    const empty = emptyRunLength(4, 6)
    expect(runLengthIou(empty, empty, 0)).toBe(0)
    expect(runLengthIou(empty, empty, 1)).toBe(1)
    expect(runLengthIou(empty, fullRunLength(4, 6), 1)).toBe(0)
  })

  it('know equal masks by their pixels, not their strings', () => {
    // 2 background, an empty run, 1 background, 9 foreground; written otherwise than we do.
    expect(runLengthEquals({ size: [3, 4], counts: '2019' }, { size: [3, 4], counts: '39' })).toBe(true)
    expect(runLengthEquals(emptyRunLength(3, 4), emptyRunLength(4, 3))).toBe(false)
  })

  it('are refused between pictures of different size', () => {
    expect(() => unionRunLength(emptyRunLength(3, 4), emptyRunLength(4, 3))).toThrow(MaskSizeMismatchError)
    expect(() => runLengthIou(emptyRunLength(3, 4), emptyRunLength(4, 3), 0)).toThrow(MaskSizeMismatchError)
  })
})
