import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { maskFromRows } from '../../../electron/engine/masks/mask-arbitrary.ts'
import { decodeRunLength } from '../../../electron/engine/masks/run-length-mask.ts'
import { boundaryAccuracy } from './boundary-accuracy.ts'
import { regionSimilarity } from './region-similarity.ts'

interface Pair {
  name: string
  height: number
  width: number
  segmentation: string
  annotation: string
  J: number
  F: number
}

/** J and F computed with NumPy, OpenCV's dilation and scikit-image's disc. */
const pairs = JSON.parse(
  readFileSync(new URL('../../fixtures/metrics/pairs.json', import.meta.url), 'utf8'),
) as Pair[]

describe('J and F of one frame', () => {
  it.each(pairs)('$name, $width x $height: J $J, F $F', (pair) => {
    const size: [number, number] = [pair.height, pair.width]
    const segmentation = decodeRunLength({ size, counts: pair.segmentation })
    const annotation = decodeRunLength({ size, counts: pair.annotation })
    expect(regionSimilarity(segmentation, annotation)).toBeCloseTo(pair.J, 12)
    expect(boundaryAccuracy(segmentation, annotation)).toBeCloseTo(pair.F, 12)
  })

  it('are refused between masks of different size', () => {
    expect(() => boundaryAccuracy(maskFromRows('#.'), maskFromRows('#', '.'))).toThrow(RangeError)
    expect(() => regionSimilarity(maskFromRows('#.'), maskFromRows('#', '.'))).toThrow(RangeError)
  })
})
