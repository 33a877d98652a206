import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { maskFromLogits } from './mask-from-logits.ts'
import { floatsFromBase64, officialResizes } from './official-resizes-fixture.ts'
import { decodeRunLength } from './run-length-mask.ts'
import { upsampleLogits } from './upsample-logits.ts'

describe('upsampled logits', () => {
  it.each(officialResizes().upsampled)('are the official ones, $lowWidth to $width', (entry) => {
    const logits = floatsFromBase64(entry.logits)
    const resized = upsampleLogits(logits, entry.lowWidth, entry.lowHeight, entry.width, entry.height)
    const expected = floatsFromBase64(entry.sampled)
    expect(resized.filter((_, i) => i % 37 === 0)).toEqual(expected)
    expect(maskFromLogits(logits, entry.lowWidth, entry.lowHeight, entry.width, entry.height)).toEqual({
      size: [entry.height, entry.width],
      counts: entry.counts,
    })
  })

  it('are the logits themselves at their own size', () => {
    const logits = Float32Array.from({ length: 12 }, (_, i) => Math.sin(i) * 7)
    expect(upsampleLogits(logits, 4, 3, 4, 3)).toEqual(logits)
  })

  it('are refused with a wrong shape', () => {
    expect(() => upsampleLogits(new Float32Array(11), 4, 3, 8, 8)).toThrow(RangeError)
    expect(() => maskFromLogits(new Float32Array(12), 4, 3, 0, 8)).toThrow(RangeError)
    expect(() => maskFromLogits(new Float32Array(12), 4, 3, 8, 8.5)).toThrow(RangeError)
  })
})

describe('masks from logits', () => {
  const side = fc.integer({ min: 1, max: 60 })
  const lowSide = fc.integer({ min: 1, max: 12 })
  const logit = fc.oneof(
    fc.float({ min: -20, max: 20, noNaN: true }),
    fc.constantFrom(0, -0, -1024, 1e-30, -1e-30, 1e-44, 5),
  )

  it('are the upsampled logits above zero, pixel for pixel', () => {
    const picture = fc
      .tuple(lowSide, lowSide)
      .chain(([lowWidth, lowHeight]) =>
        fc.tuple(
          fc.constant(lowWidth),
          fc.constant(lowHeight),
          fc.array(logit, { minLength: lowWidth * lowHeight, maxLength: lowWidth * lowHeight }),
        ),
      )
    fc.assert(
      fc.property(picture, side, side, ([lowWidth, lowHeight, values], width, height) => {
        const logits = Float32Array.from(values)
        const full = upsampleLogits(logits, lowWidth, lowHeight, width, height)
        const mask = decodeRunLength(maskFromLogits(logits, lowWidth, lowHeight, width, height))
        expect(mask.data).toEqual(Uint8Array.from(full, (value) => (value > 0 ? 1 : 0)))
      }),
      { numRuns: 250 },
    )
  })

  it('of smooth and of noisy logits at video size agree with the threshold', () => {
    for (const noise of [0, 3]) {
      const logits = Float32Array.from({ length: 64 * 64 }, (_, i) => {
        const [x, y] = [i % 64, i >> 6]
        return 18 - Math.hypot(x - 30, y - 35) + noise * Math.sin(i * i)
      })
      const full = upsampleLogits(logits, 64, 64, 854, 480)
      const { data } = decodeRunLength(maskFromLogits(logits, 64, 64, 854, 480))
      expect(data.findIndex((value, i) => value !== (full[i]! > 0 ? 1 : 0))).toBe(-1)
      expect(data.includes(1)).toBe(true)
    }
  })

  it('of an absent object are empty, of an object everywhere full', () => {
    expect(maskFromLogits(new Float32Array(16).fill(-1024), 4, 4, 9, 7).counts).toBe('o1')
    expect(maskFromLogits(new Float32Array(16).fill(3), 4, 4, 9, 7).counts).toBe('0o1')
  })
})
