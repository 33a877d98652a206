import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeMask } from '../masks/run-length.ts'
import { drawnRuns } from './mask-fixture.ts'
import { runsArea, runsContain, runsOf, visitColumn } from './mask-runs.ts'

const bitmaps = fc
  .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 }))
  .chain(([widthPx, heightPx]) =>
    fc
      .array(fc.integer({ min: 0, max: 1 }), { minLength: widthPx * heightPx, maxLength: widthPx * heightPx })
      .map((bits) => ({ widthPx, heightPx, pixels: Uint8Array.from(bits) })),
  )

describe('mask runs', () => {
  test('answer for every pixel what the bitmap holds', () => {
    fc.assert(
      fc.property(bitmaps, (bitmap) => {
        const runs = runsOf(encodeMask(bitmap))
        for (let y = 0; y < bitmap.heightPx; y++) {
          for (let x = 0; x < bitmap.widthPx; x++) {
            expect(runsContain(runs, x, y)).toBe(bitmap.pixels[y * bitmap.widthPx + x] === 1)
          }
        }
        expect(runsArea(runs)).toBe(bitmap.pixels.reduce((sum, bit) => sum + bit, 0))
      }),
    )
  })

  test('columns hold the same pixels as the bitmap', () => {
    fc.assert(
      fc.property(bitmaps, (bitmap) => {
        const seen = new Uint8Array(bitmap.pixels.length)
        const runs = runsOf(encodeMask(bitmap))
        for (let x = 0; x < bitmap.widthPx; x++) {
          visitColumn(runs, x, (from, to) => {
            for (let y = from; y < to; y++) seen[y * bitmap.widthPx + x] = 1
          })
        }
        expect(seen).toEqual(bitmap.pixels)
      }),
    )
  })

  test('nothing outside the picture is foreground', () => {
    const runs = drawnRuns('##', '##')
    expect(runsContain(runs, -1, 0)).toBe(false)
    expect(runsContain(runs, 0, 2)).toBe(false)
    expect(runsContain(runs, 2, 0)).toBe(false)
  })

  test('runs that are too long or too short stay inside the picture', () => {
    expect(runsArea(runsOf({ size: [2, 2], counts: '0o1' }))).toBe(4)
    expect(runsContain(runsOf({ size: [2, 2], counts: '1' }), 1, 1)).toBe(false)
  })
})
