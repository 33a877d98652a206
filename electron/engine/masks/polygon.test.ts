import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatFixtureList } from '../../../test/fixtures/format-fixture.ts'
import { arbitraryMask, maskFromRows } from './mask-arbitrary.ts'
import { MaskFormatError } from './mask-errors.ts'
import { fillEvenOdd, fillPolygon, fillPolygons } from './polygon-fill.ts'
import { polygonsOfMask } from './polygon-keyhole.ts'
import { simplifiedRing } from './polygon-simplify.ts'
import { tracePieces } from './polygon-trace.ts'
import { runLengthArea } from './run-length-measures.ts'
import { encodeRunLength } from './run-length-mask.ts'

interface PolygonEntry {
  height: number
  width: number
  polygon: number[]
  counts: string
  area: number
}

describe('filling polygons', () => {
  it.each(formatFixtureList<PolygonEntry>('polygons.json'))(
    'agrees with pycocotools: $area pixels of $width x $height',
    (entry) => {
      const mask = fillPolygon(entry.polygon, entry.height, entry.width)
      expect(mask.counts).toBe(entry.counts)
      expect(runLengthArea(mask)).toBe(entry.area)
    },
  )

  it('does not depend on where a ring begins; a vertex said twice adds nothing', () => {
    const { polygon, height, width, counts } = formatFixtureList<PolygonEntry>('polygons.json')[0]!
    const [x, y] = [polygon[0]!, polygon[1]!]
    expect(fillPolygon([...polygon.slice(2), x, y], height, width).counts).toBe(counts)
    expect(fillPolygon([x, y, ...polygon], height, width).counts).toBe(counts)
  })

  it('unites polygons, but lets rings within rings be holes where that is asked for', () => {
    const outer = [0, 0, 6, 0, 6, 6, 0, 6]
    const inner = [2, 2, 4, 2, 4, 4, 2, 4]
    expect(runLengthArea(fillPolygons([outer, inner], 6, 6))).toBe(36)
    expect(runLengthArea(fillEvenOdd([outer, inner], 6, 6))).toBe(32)
    expect(runLengthArea(fillPolygons([], 6, 6))).toBe(0)
  })

  it('takes polygons far outside the picture in its stride', () => {
    expect(fillPolygon([-3e8, -3e8, 3e8, -3e8, 3e8, 3e8, -3e8, 3e8], 5, 7).counts).toBe('0S1')
    expect(runLengthArea(fillPolygon([-9, -9, -2, -9, -2, 50], 5, 7))).toBe(0)
  })

  it.each([[[]], [[1, 1, 2, 2]], [[1, 1, 2, 2, 3]], [[1, 1, 2, 2, NaN, 3]], [[1, 1, 2, 2, 1e12, 3]]])(
    'refuses %j',
    (polygon) => {
      expect(() => fillPolygon(polygon, 5, 5)).toThrow(MaskFormatError)
    },
  )
})

describe('tracing', () => {
  it('and filling give the mask back, holes and all', () => {
    fc.assert(
      fc.property(arbitraryMask(20), (mask) => {
        const pieces = tracePieces(mask)
        const rings = pieces.flatMap(({ outer, holes }) => [outer, ...holes])
        expect(fillEvenOdd(rings, mask.heightPx, mask.widthPx)).toEqual(encodeRunLength(mask))
      }),
      { numRuns: 300 },
    )
  })

  it('and filling as pycocotools does give the mask back from plain polygons', () => {
    fc.assert(
      fc.property(arbitraryMask(20), (mask) => {
        expect(fillPolygons(polygonsOfMask(mask), mask.heightPx, mask.widthPx)).toEqual(encodeRunLength(mask))
      }),
      { numRuns: 300 },
    )
  })

  it('turns clockwise around pieces and the other way around their holes', () => {
    fc.assert(
      fc.property(arbitraryMask(16), (mask) => {
        const signedArea = (ring: readonly number[]): number => {
          let sum = 0
          for (let i = 0; i < ring.length; i += 2) {
            const [x, y] = [ring[(i + 2) % ring.length]!, ring[(i + 3) % ring.length]!]
            sum += ring[i]! * y - x * ring[i + 1]!
          }
          return sum / 2
        }
        let total = 0
        for (const { outer, holes } of tracePieces(mask)) {
          expect(signedArea(outer)).toBeGreaterThan(0)
          for (const hole of holes) expect(signedArea(hole)).toBeLessThan(0)
          total += [outer, ...holes].reduce((sum, ring) => sum + signedArea(ring), 0)
        }
        expect(total).toBe(runLengthArea(encodeRunLength(mask)))
      }),
      { numRuns: 300 },
    )
  })

  it('has vertices only where the outline turns', () => {
    const pieces = tracePieces(maskFromRows('.....', '.###.', '.#.#.', '.###.', '....#'))
    expect(pieces).toEqual([
      {
        outer: [4, 1, 4, 4, 1, 4, 1, 1],
        holes: [[3, 3, 3, 2, 2, 2, 2, 3]],
      },
      { outer: [5, 4, 5, 5, 4, 5, 4, 4], holes: [] },
    ])
  })
})

describe('simplifying', () => {
  it('keeps every vertex left out within the tolerance, and at least three', () => {
    fc.assert(
      fc.property(arbitraryMask(24), fc.double({ min: 0, max: 4, noNaN: true }), (mask, tolerancePx) => {
        for (const { outer, holes } of tracePieces(mask)) {
          for (const ring of [outer, ...holes]) {
            const simple = simplifiedRing(ring, tolerancePx)
            expect(simple.length).toBeGreaterThanOrEqual(6)
            for (let i = 0; i < ring.length; i += 2) {
              expect(distanceToRing(ring[i]!, ring[i + 1]!, simple)).toBeLessThanOrEqual(tolerancePx + 1e-9)
            }
          }
        }
      }),
      { numRuns: 200 },
    )
  })

  it('makes few vertices of a long staircase', () => {
    const rows = Array.from({ length: 40 }, (_, y) => '#'.repeat(y + 1) + '.'.repeat(39 - y))
    const mask = maskFromRows(...rows)
    expect(polygonsOfMask(mask)[0]!.length).toBeGreaterThan(150)
    expect(polygonsOfMask(mask, 1)[0]!.length).toBeLessThanOrEqual(10)
  })

  it('refuses what is no tolerance', () => {
    expect(() => simplifiedRing([0, 0, 1, 0, 1, 1], -1)).toThrow(RangeError)
    expect(() => simplifiedRing([0, 0, 1, 0, 1, 1], NaN)).toThrow(RangeError)
  })
})

function distanceToRing(x: number, y: number, ring: readonly number[]): number {
  let least = Infinity
  for (let i = 0; i < ring.length; i += 2) {
    const [ax, ay] = [ring[i]!, ring[i + 1]!]
    const [bx, by] = [ring[(i + 2) % ring.length]!, ring[(i + 3) % ring.length]!]
    const length = (bx - ax) ** 2 + (by - ay) ** 2
    const along = Math.min(Math.max(((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / (length || 1), 0), 1)
    least = Math.min(least, Math.hypot(x - ax - along * (bx - ax), y - ay - along * (by - ay)))
  }
  return least
}
