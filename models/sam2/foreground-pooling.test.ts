import { describe, expect, it } from 'vitest'
import { contrastWeights } from './foreground-pooling.ts'

const imageSize = 64

/** Foreground in the first rows of 16. */
function rows(count: number): Float32Array {
  return Float32Array.from({ length: 256 }, (_, cell) => (cell < count * 16 ? 1 : -1))
}

describe('what tells a foreground from the picture', () => {
  it('is its mean less that of all', () => {
    const weights = contrastWeights(rows(8), imageSize)!
    expect([...weights]).toEqual([
      ...Array.from({ length: 8 }, () => 1 / 16),
      ...Array.from({ length: 8 }, () => -1 / 16),
    ])
  })

  it('is nothing where there is no foreground, or hardly anything else', () => {
    expect([0, 1, 14, 15, 16].map((count) => contrastWeights(rows(count), imageSize) !== null)).toEqual([
      ...[false, true, true, false, false],
    ])
  })
})
