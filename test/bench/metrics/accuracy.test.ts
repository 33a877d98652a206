import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { maskFromRows } from '../../../electron/engine/masks/mask-arbitrary.ts'
import { decodeRunLength, emptyRunLength } from '../../../electron/engine/masks/run-length-mask.ts'
import { boundaryAccuracy } from './boundary-accuracy.ts'
import { meanAccuracy, regionAndBoundary, regionSimilarity, sequenceAccuracy } from './sequence-accuracy.ts'

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
    const segmentation = { size, counts: pair.segmentation }
    const annotation = { size, counts: pair.annotation }
    expect(regionSimilarity(segmentation, annotation)).toBeCloseTo(pair.J, 12)
    expect(boundaryAccuracy(decodeRunLength(segmentation), decodeRunLength(annotation))).toBeCloseTo(
      pair.F,
      12,
    )
  })

  it('are refused between masks of different size', () => {
    expect(() => boundaryAccuracy(maskFromRows('#.'), maskFromRows('#', '.'))).toThrow(RangeError)
  })
})

describe('a sequence', () => {
  const pair = pairs.find(({ name }) => name === 'blobs 5')!
  const size: [number, number] = [pair.height, pair.width]
  const segmentation = { size, counts: pair.segmentation }
  const annotation = { size, counts: pair.annotation }
  const empty = emptyRunLength(...size)

  it('leaves out its first and last frame', () => {
    const found = sequenceAccuracy(
      [empty, segmentation, annotation, empty],
      [annotation, annotation, annotation, annotation],
    )
    expect(found.region).toBeCloseTo((pair.J + 1) / 2, 12)
    expect(found.boundary).toBeCloseTo((pair.F + 1) / 2, 12)
    expect(regionAndBoundary(found)).toBeCloseTo((pair.J + pair.F + 2) / 4, 12)
  })

  it('counts agreement on absence', () => {
    expect(sequenceAccuracy([empty, empty, empty], [empty, empty, empty])).toEqual({ region: 1, boundary: 1 })
  })

  it('is refused when it is too short or the counts differ', () => {
    expect(() => sequenceAccuracy([empty, empty], [empty, empty])).toThrow(RangeError)
    expect(() => sequenceAccuracy([empty, empty, empty], [empty, empty])).toThrow(RangeError)
    expect(() => meanAccuracy([])).toThrow(RangeError)
  })

  it('of several objects is their plain mean', () => {
    const parts = [
      { region: 0.25, boundary: 0.5 },
      { region: 0.75, boundary: 1 },
    ]
    expect(meanAccuracy(parts)).toEqual({ region: 0.5, boundary: 0.75 })
  })
})
