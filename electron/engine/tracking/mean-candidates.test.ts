import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { meanOfCandidates, steadied } from './mean-candidates.ts'

function candidates(firstToken: 0 | 1, ious: readonly number[], values: readonly number[]) {
  const logits = [...(firstToken === 0 ? [100] : []), ...values].map((value) => Float32Array.of(value))
  const shared = { objectScore: 5, pointers: logits }
  return { firstToken, maskLogits: logits, ious: Float32Array.from([1, ...ious]), ...shared }
}

describe('the mean of the candidates', () => {
  it('is the plain mean of those that are as sure, the single mask left out', () => {
    for (const firstToken of [0, 1] as const)
      expect(meanOfCandidates(candidates(firstToken, [0.8, 0.8, 0.8], [3, 6, -3]))[0]).toBeCloseTo(2, 5)
  })

  it('is the surest one alone where the others are far from sure', () => {
    expect(meanOfCandidates(candidates(1, [0.1, 0.95, 0.1], [-20, 7, -20]))[0]).toBeCloseTo(7, 1)
  })

  it('lies between the candidates, nearer to the surer one', () => {
    const logit = fc.double({ min: -30, max: 30, noNaN: true })
    const iou = fc.double({ min: 0, max: 1, noNaN: true })
    const triple = <Value>(of: fc.Arbitrary<Value>) => fc.tuple(of, of, of)
    fc.assert(
      fc.property(triple(iou), triple(logit), (ious, values) => {
        const mean = meanOfCandidates(candidates(1, ious, values))[0]!
        expect(mean).toBeGreaterThanOrEqual(Math.min(...values) - 1e-4)
        expect(mean).toBeLessThanOrEqual(Math.max(...values) + 1e-4)
      }),
    )
    const [surer] = meanOfCandidates(candidates(1, [0.9, 0.8, 0], [10, -10, 0]))
    expect(surer).toBeGreaterThan(0)
  })
})

describe('candidates for a single point', () => {
  const logits = (...values: number[]) => Float32Array.from(values)

  it('are steadied by those that mean the same, and stay as they are otherwise', () => {
    const offered = {
      firstToken: 0 as const,
      maskLogits: [logits(9, 9, 9), logits(4, 4, -4), logits(2, 8, -8), logits(-5, -5, 5)],
      ious: logits(1, 0.8, 0.8, 0.7),
      objectScore: 5,
      pointers: [],
    }
    const { maskLogits, ...rest } = steadied(offered)
    expect(maskLogits.map((mask) => [...mask])).toEqual([
      [9, 9, 9],
      [3, 6, -6],
      [2, 8, -8],
      [-5, -5, 5],
    ])
    expect(rest).toEqual({ firstToken: 0, ious: offered.ious, objectScore: 5, pointers: [] })
    const alone = { ...offered, maskLogits: [logits(9), logits(4), logits(-2), logits(-5)] }
    expect(steadied(alone)).toBe(alone)
  })
})
