import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { floatsFromBase64, officialResizes } from './official-resizes-fixture.ts'
import { resizeBilinearAntialiased, resizeMaskAntialiased } from './resize-antialiased.ts'
import { decodeRunLength } from './run-length-mask.ts'

describe('antialiased resizing', () => {
  it.each(officialResizes().maskPrompts)(
    'makes the official low-resolution logits of a mask prompt',
    (entry) => {
      const mask = decodeRunLength({ size: [entry.height, entry.width], counts: entry.counts })
      const atModelSize = resizeMaskAntialiased(mask, entry.modelSize, entry.modelSize)
      const logits = atModelSize.map((fraction) => (fraction >= 0.5 ? 10 : -10))
      const low = resizeBilinearAntialiased(
        logits,
        entry.modelSize,
        entry.modelSize,
        entry.lowSize,
        entry.lowSize,
      )
      expect(low).toEqual(floatsFromBase64(entry.lowLogits))
    },
  )

  it('keeps an even picture even, at any size', () => {
    const side = fc.integer({ min: 1, max: 40 })
    fc.assert(
      fc.property(side, side, side, side, (width, height, outputWidth, outputHeight) => {
        const output = resizeBilinearAntialiased(
          new Float32Array(width * height).fill(1),
          width,
          height,
          outputWidth,
          outputHeight,
        )
        expect(output.length).toBe(outputWidth * outputHeight)
        expect(output.every((value) => Math.abs(value - 1) < 1e-5)).toBe(true)
      }),
      { numRuns: 200 },
    )
  })

  it('returns a picture at its own size unchanged', () => {
    const data = Float32Array.from({ length: 30 }, (_, i) => i * 1.5)
    expect(resizeBilinearAntialiased(data, 6, 5, 6, 5)).toEqual(data)
  })

  it('weighs by a triangle as wide as two output steps when it shrinks', () => {
    // Scale 4, support 4: the first output reads inputs 0..5, weights 5,7,7,5,3,1 of 28 (centre 2, distance/4).
    const data = Float32Array.from([1, 0, 0, 0, 0, 0, 0, 0])
    expect(resizeBilinearAntialiased(data, 8, 1, 2, 1)[0]).toBeCloseTo(5 / 28, 6)
  })

  it('refuses a wrong shape', () => {
    expect(() => resizeBilinearAntialiased(new Float32Array(5), 2, 3, 4, 4)).toThrow(RangeError)
    expect(() => resizeBilinearAntialiased(new Float32Array(6), 2, 3, 0, 4)).toThrow(RangeError)
  })
})
