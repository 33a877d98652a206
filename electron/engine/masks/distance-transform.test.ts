import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { BinaryMask } from './binary-mask.ts'
import { deepestPoint } from './deepest-point.ts'
import { NO_DISTANCE, squaredDistances } from './distance-transform.ts'
import { arbitraryMask, maskFromRows } from './mask-arbitrary.ts'

function searched({ widthPx, heightPx, data }: BinaryMask, target: 0 | 1, outside: boolean): number[] {
  const targets: [number, number][] = []
  for (let y = -1; y <= heightPx; y++) {
    for (let x = -1; x <= widthPx; x++) {
      const inside = x >= 0 && y >= 0 && x < widthPx && y < heightPx
      if (inside ? data[y * widthPx + x] === target : outside) targets.push([x, y])
    }
  }
  return Array.from(data, (_, i) => {
    const [x, y] = [i % widthPx, Math.floor(i / widthPx)]
    return targets.reduce((least, [tx, ty]) => Math.min(least, (tx - x) ** 2 + (ty - y) ** 2), NO_DISTANCE)
  })
}

describe('the distance transform', () => {
  it('is what searching all pixels finds', () => {
    fc.assert(
      fc.property(arbitraryMask(14), fc.constantFrom<0 | 1>(0, 1), fc.boolean(), (mask, target, outside) => {
        expect([...squaredDistances(mask, target, outside)]).toEqual(searched(mask, target, outside))
      }),
      { numRuns: 500 },
    )
  })

  it('knows when there is nothing to measure to', () => {
    const full = { widthPx: 3, heightPx: 2, data: new Uint8Array(6).fill(1) }
    expect([...squaredDistances(full, 0, false)]).toEqual(new Array(6).fill(NO_DISTANCE))
    expect([...squaredDistances(full, 0, true)]).toEqual(new Array(6).fill(1))
  })
})

describe('the deepest point', () => {
  it('is the first deepest pixel of the whole picture, outside it being background', () => {
    fc.assert(
      fc.property(arbitraryMask(14), (mask) => {
        const distances = searched(mask, 0, true)
        const deepest = Math.max(...distances)
        const found = deepestPoint(mask)
        if (deepest === 0) {
          expect(found).toBeNull()
        } else {
          const place = distances.indexOf(deepest)
          expect(found).toEqual({
            x: place % mask.widthPx,
            y: Math.floor(place / mask.widthPx),
            depthPx: Math.sqrt(deepest),
          })
        }
      }),
      { numRuns: 300 },
    )
  })

  it('of a ring lies on the ring, not in its hole', () => {
    const ring = maskFromRows('.......', '.#####.', '.#...#.', '.#...##', '.#####.')
    const { x, y } = deepestPoint(ring)!
    expect(ring.data[y * 7 + x]).toBe(1)
  })
})
