import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeMask } from '../masks/run-length.ts'
import {
  columnMaskFromRuns,
  columnMaskRgba,
  emptyColumnMask,
  encodeColumnMask,
  paintPolygon,
  paintStroke,
  type ColumnMask,
} from './column-mask.ts'
import { drawnMask } from './mask-fixture.ts'
import { runsOf } from './mask-runs.ts'

function rows(mask: ColumnMask): string[] {
  return Array.from({ length: mask.heightPx }, (_, y) =>
    Array.from({ length: mask.widthPx }, (_, x) =>
      mask.pixels[x * mask.heightPx + y] === 1 ? '#' : '.',
    ).join(''),
  )
}

const coordinate = fc.double({ min: -6, max: 26, noNaN: true })
const place = fc.record({ x: coordinate, y: coordinate })

describe('a mask that is painted', () => {
  test('is written as it was read', () => {
    const mask = drawnMask('.##.', '#..#', '....')
    expect(encodeColumnMask(columnMaskFromRuns(runsOf(mask)))).toEqual(mask)
    expect(encodeColumnMask(emptyColumnMask(4, 3))).toEqual(drawnMask('....', '....', '....'))
  })

  test('is written like any bitmap is', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 15, maxLength: 15 }), (bits) => {
        const mask = { widthPx: 5, heightPx: 3, pixels: Uint8Array.from(bits) }
        const decoded = decodeMask(encodeColumnMask(mask))
        for (let x = 0; x < 5; x++) {
          for (let y = 0; y < 3; y++) expect(decoded.pixels[y * 5 + x]).toBe(bits[x * 3 + y])
        }
      }),
    )
  })

  test('a dab is a disc', () => {
    const mask = emptyColumnMask(7, 7)
    const rect = paintStroke(mask, { x: 3.5, y: 3.5 }, { x: 3.5, y: 3.5 }, { x: 2.3, y: 2.3 }, 1)
    expect(rows(mask)).toEqual(['.......', '..###..', '.#####.', '.#####.', '.#####.', '..###..', '.......'])
    expect(rect).toEqual({ left: 1, top: 1, right: 6, bottom: 6 })
  })

  test('where pixels are wide the brush is narrow in stored pixels', () => {
    const mask = emptyColumnMask(9, 9)
    paintStroke(mask, { x: 4.5, y: 4.5 }, { x: 4.5, y: 4.5 }, { x: 1.1, y: 3.1 }, 1)
    expect(rows(mask)[4]).toBe('...###...')
    expect(
      rows(mask)
        .map((row) => row[4])
        .join(''),
    ).toBe('.#######.')
  })

  test('a stroke paints exactly the pixels whose centre is within reach', () => {
    fc.assert(
      fc.property(
        place,
        place,
        fc.double({ min: 0.8, max: 7, noNaN: true }),
        fc.constantFrom(1, 0.7),
        (from, to, r, squeeze) => {
          const mask = emptyColumnMask(20, 20)
          const radius = { x: r * squeeze, y: r }
          const rect = paintStroke(mask, from, to, radius, 1)
          const wrong: string[] = []
          for (let x = 0; x < 20; x++) {
            for (let y = 0; y < 20; y++) {
              const distance = distanceToLine(x + 0.5, y + 0.5, from, to, radius)
              // Centres on the very edge may go either way.
              if (Math.abs(distance - 1) < 1e-6) continue
              const painted = mask.pixels[x * 20 + y] === 1
              const reported =
                rect !== null && rect.left <= x && x < rect.right && rect.top <= y && y < rect.bottom
              if (painted !== distance < 1 || (painted && !reported)) wrong.push(`${x}, ${y}`)
            }
          }
          expect(wrong).toEqual([])
          if (rect === null) expect(mask.pixels.every((value) => value === 0)).toBe(true)
        },
      ),
    )
  })

  test('erasing takes away what painting put there', () => {
    fc.assert(
      fc.property(place, place, (from, to) => {
        const mask = emptyColumnMask(20, 20)
        paintStroke(mask, from, to, { x: 3, y: 3 }, 1)
        paintStroke(mask, from, to, { x: 3, y: 3 }, 0)
        expect(mask.pixels.every((value) => value === 0)).toBe(true)
      }),
    )
  })

  test('a lasso fills its inside by pixel centres', () => {
    const mask = emptyColumnMask(6, 5)
    const corners = [
      { x: 1, y: 1 },
      { x: 5, y: 1 },
      { x: 5, y: 4 },
      { x: 1, y: 4 },
    ]
    expect(paintPolygon(mask, corners, 1)).toEqual({ left: 1, top: 1, right: 5, bottom: 4 })
    expect(rows(mask)).toEqual(['......', '.####.', '.####.', '.####.', '......'])
    paintPolygon(
      mask,
      corners.map(({ x, y }) => ({ x: x - 1.6, y })),
      0,
    )
    expect(rows(mask)).toEqual(['......', '...##.', '...##.', '...##.', '......'])
  })

  test('a lasso paints exactly the centres inside a triangle', () => {
    fc.assert(
      fc.property(place, place, place, (a, b, c) => {
        const mask = emptyColumnMask(20, 20)
        paintPolygon(mask, [a, b, c], 1)
        const wrong: string[] = []
        for (let x = 0; x < 20; x++) {
          for (let y = 0; y < 20; y++) {
            const sides = [
              side(a, b, x + 0.5, y + 0.5),
              side(b, c, x + 0.5, y + 0.5),
              side(c, a, x + 0.5, y + 0.5),
            ]
            if (sides.some((value) => Math.abs(value) < 1e-6)) continue
            const inside = sides.every((value) => value > 0) || sides.every((value) => value < 0)
            if ((mask.pixels[x * 20 + y] === 1) !== inside) wrong.push(`${x}, ${y}`)
          }
        }
        expect(wrong).toEqual([])
      }),
    )
  })

  test('a lasso of two corners or beside the picture changes nothing', () => {
    const mask = emptyColumnMask(4, 4)
    expect(
      paintPolygon(
        mask,
        [
          { x: 0, y: 0 },
          { x: 3, y: 3 },
        ],
        1,
      ),
    ).toBeNull()
    expect(
      paintPolygon(
        mask,
        [
          { x: 9, y: 0 },
          { x: 12, y: 3 },
          { x: 9, y: 5 },
        ],
        1,
      ),
    ).toBeNull()
  })

  test('becomes a picture row by row', () => {
    const mask = columnMaskFromRuns(runsOf(drawnMask('.#', '#.', '##')))
    const rgba = columnMaskRgba(mask, { left: 0, top: 1, right: 2, bottom: 3 }, [10, 20, 30, 40])
    expect([...rgba]).toEqual([10, 20, 30, 40, 0, 0, 0, 0, 10, 20, 30, 40, 10, 20, 30, 40])
  })
})

interface Place {
  readonly x: number
  readonly y: number
}

function distanceToLine(x: number, y: number, from: Place, to: Place, radius: Place): number {
  const px = x / radius.x - from.x / radius.x
  const py = y / radius.y - from.y / radius.y
  const dx = (to.x - from.x) / radius.x
  const dy = (to.y - from.y) / radius.y
  const squared = dx * dx + dy * dy
  const t = squared === 0 ? 0 : Math.max(0, Math.min(1, (px * dx + py * dy) / squared))
  return Math.hypot(px - t * dx, py - t * dy)
}

function side(from: Place, to: Place, x: number, y: number): number {
  return (to.x - from.x) * (y - from.y) - (to.y - from.y) * (x - from.x)
}
