import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeMask } from '../masks/run-length.ts'
import { drawnRuns } from './mask-fixture.ts'
import { runsOf } from './mask-runs.ts'
import { traceOutline, type OutlinePath } from './trace-outline.ts'

const whole = (widthPx: number, heightPx: number) => ({ left: 0, top: 0, right: widthPx, bottom: heightPx })

/** Twice the signed area; positive when the inside is on the right of the line, as y grows downwards. */
function doubleArea(path: OutlinePath): number {
  let area = 0
  for (let i = 0; i < path.length; i += 2) {
    const next = (i + 2) % path.length
    area += path[i]! * path[next + 1]! - path[next]! * path[i + 1]!
  }
  return area
}

describe('tracing outlines', () => {
  test('follows one pixel by its corners', () => {
    const paths = traceOutline(drawnRuns('...', '.#.', '...'), whole(3, 3), 1, 'corners')
    expect(paths.map((path) => [...path])).toEqual([[2, 1, 2, 2, 1, 2, 1, 1]])
  })

  test('joins the middles of its edges', () => {
    const [path] = traceOutline(drawnRuns('#'), whole(1, 1), 1, 'midpoints')
    expect([...path!]).toEqual([0.5, 0, 1, 0.5, 0.5, 1, 0, 0.5])
  })

  test('a straight edge leaves two points, however long', () => {
    const [corners] = traceOutline(drawnRuns('#####', '#####'), whole(5, 2), 1, 'corners')
    expect(corners).toHaveLength(8)
    const [middles] = traceOutline(drawnRuns('#####', '#####'), whole(5, 2), 1, 'midpoints')
    expect(middles).toHaveLength(16)
  })

  test('a hole has a line of its own', () => {
    const paths = traceOutline(drawnRuns('####', '#..#', '####'), whole(4, 3), 1, 'corners')
    expect(paths.map(doubleArea).sort((a, b) => a - b)).toEqual([-4, 24])
  })

  test('pixels that touch by a corner are parted', () => {
    expect(traceOutline(drawnRuns('#.', '.#'), whole(2, 2), 1, 'corners')).toHaveLength(2)
    expect(traceOutline(drawnRuns('.#', '#.'), whole(2, 2), 1, 'corners')).toHaveLength(2)
  })

  test('a mask cut by the region is closed along its edge', () => {
    const [path] = traceOutline(
      drawnRuns('####', '####'),
      { left: 2, top: 0, right: 4, bottom: 2 },
      1,
      'corners',
    )
    expect([...path!]).toEqual([4, 0, 4, 2, 2, 2, 2, 0])
  })

  test('with a step it stays in source pixels', () => {
    const runs = drawnRuns('####', '####', '####', '####')
    const [path] = traceOutline(runs, whole(4, 4), 2, 'corners')
    expect([...path!]).toEqual([4, 0, 4, 4, 0, 4, 0, 0])
  })

  test('encloses exactly the foreground', () => {
    const bitmaps = fc
      .tuple(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 1, max: 10 }))
      .chain(([widthPx, heightPx]) =>
        fc
          .array(fc.integer({ min: 0, max: 1 }), {
            minLength: widthPx * heightPx,
            maxLength: widthPx * heightPx,
          })
          .map((bits) => ({ widthPx, heightPx, pixels: Uint8Array.from(bits) })),
      )
    fc.assert(
      fc.property(bitmaps, (bitmap) => {
        const area = bitmap.pixels.reduce((sum, bit) => sum + bit, 0)
        const paths = traceOutline(
          runsOf(encodeMask(bitmap)),
          whole(bitmap.widthPx, bitmap.heightPx),
          1,
          'corners',
        )
        expect(paths.reduce((sum, path) => sum + doubleArea(path), 0)).toBe(2 * area)
      }),
    )
  })
})
