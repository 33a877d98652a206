import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arbitraryMask } from '../masks/mask-arbitrary.ts'
import { encodeRunLength } from '../masks/run-length-mask.ts'
import { maskCentroid } from './mask-centroid.ts'

describe('maskCentroid', () => {
  it('is the mean of the pixel centres', () => {
    fc.assert(
      fc.property(arbitraryMask(24), (mask) => {
        let [area, sumX, sumY] = [0, 0, 0]
        mask.data.forEach((value, place) => {
          if (value === 0) return
          area++
          sumX += (place % mask.widthPx) + 0.5
          sumY += Math.floor(place / mask.widthPx) + 0.5
        })
        const centroid = maskCentroid(encodeRunLength(mask))
        if (area === 0) expect(centroid).toBeNull()
        else {
          expect(centroid![0]).toBeCloseTo(sumX / area, 9)
          expect(centroid![1]).toBeCloseTo(sumY / area, 9)
        }
      }),
    )
  })
})
