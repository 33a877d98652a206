import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runLengthArea } from '../masks/run-length-measures.ts'
import { intersectRunLength, unionRunLength } from '../masks/run-length-sets.ts'
import { exclusiveMasks } from './exclusive-masks.ts'
import { maskInFrame, type SeenLogits } from './view-masks.ts'

const maskSize = 8
const frame = { widthPx: 40, heightPx: 24 }
const views = [null, { leftPx: 10, topPx: 4, widthPx: 20, heightPx: 12 }]
const logits = fc.array(fc.float({ min: -8, max: 8, noNaN: true }), {
  minLength: maskSize ** 2,
  maxLength: maskSize ** 2,
})
const seenLogits = fc
  .tuple(logits, fc.constantFrom(...views))
  .map(([values, view]): SeenLogits => ({ maskLogits: Float32Array.from(values), view }))

describe('exclusive masks', () => {
  it('share no pixel and together cover what they covered before', () => {
    fc.assert(
      fc.property(fc.array(seenLogits, { minLength: 2, maxLength: 4 }), (seen) => {
        const before = seen.map((one) => maskInFrame(one, maskSize, frame))
        const after = exclusiveMasks(seen, maskSize, frame)
        for (const [place, mask] of after.entries())
          for (const other of after.slice(place + 1))
            expect(runLengthArea(intersectRunLength(mask, other))).toBe(0)
        expect(after.reduce(unionRunLength)).toEqual(before.reduce(unionRunLength))
      }),
    )
  })

  it('give an overlap to the higher logit, and of equals to the first', () => {
    const field = (left: number, right: number): SeenLogits => ({
      maskLogits: Float32Array.from({ length: maskSize ** 2 }, (_, cell) =>
        cell % maskSize < 4 ? left : right,
      ),
      view: null,
    })
    const half = (frame.widthPx * frame.heightPx) / 2
    expect(exclusiveMasks([field(2, 1), field(1, 2)], maskSize, frame).map(runLengthArea)).toEqual([
      half,
      half,
    ])
    expect(exclusiveMasks([field(2, 2), field(2, 2)], maskSize, frame).map(runLengthArea)).toEqual([
      half * 2,
      0,
    ])
  })
})
