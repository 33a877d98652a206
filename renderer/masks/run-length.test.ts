import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeMask, encodeMask, maskBounds, readRuns, writeRuns, type Bitmap } from './run-length.ts'

/** As pycocotools writes them. */
const KNOWN: [
  name: string,
  height: number,
  width: number,
  counts: string,
  inside: [x: number, y: number][],
][] = [
  ['empty', 7, 9, 'o1', []],
  ['one pixel', 7, 9, 'i115', [[8, 1]]],
  ['first pixel', 7, 9, '01n1', [[0, 0]]],
  ['last pixel', 7, 9, 'n11', [[8, 6]]],
]

function drawn(widthPx: number, heightPx: number, inside: [number, number][]): Bitmap {
  const pixels = new Uint8Array(widthPx * heightPx)
  for (const [x, y] of inside) pixels[y * widthPx + x] = 1
  return { widthPx, heightPx, pixels }
}

test.each(KNOWN)('%s: the same string as pycocotools', (_name, height, width, counts, inside) => {
  const bitmap = drawn(width, height, inside)
  expect(encodeMask(bitmap)).toEqual({ size: [height, width], counts })
  expect(decodeMask({ size: [height, width], counts })).toEqual(bitmap)
})

const bitmaps = fc
  .tuple(fc.integer({ min: 1, max: 24 }), fc.integer({ min: 1, max: 24 }))
  .chain(([widthPx, heightPx]) =>
    fc
      .uint8Array({ minLength: widthPx * heightPx, maxLength: widthPx * heightPx, max: 1 })
      .map((pixels) => ({ widthPx, heightPx, pixels: new Uint8Array(pixels) })),
  )

test('every bitmap comes back', () => {
  fc.assert(
    fc.property(bitmaps, (bitmap) => {
      expect(decodeMask(encodeMask(bitmap))).toEqual(bitmap)
    }),
  )
})

test('long runs, too', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 2 ** 28 }), { minLength: 1 }), (runs) => {
      expect([...readRuns(writeRuns(runs))]).toEqual(runs)
    }),
  )
})

test('bounds are those of the pixels', () => {
  fc.assert(
    fc.property(bitmaps, (bitmap) => {
      const inside: [number, number][] = []
      bitmap.pixels.forEach((pixel, at) => {
        if (pixel !== 0) inside.push([at % bitmap.widthPx, Math.floor(at / bitmap.widthPx)])
      })
      const xs = inside.map(([x]) => x)
      const ys = inside.map(([, y]) => y)
      expect(maskBounds(encodeMask(bitmap))).toEqual(
        inside.length === 0
          ? null
          : {
              left: Math.min(...xs),
              top: Math.min(...ys),
              right: Math.max(...xs) + 1,
              bottom: Math.max(...ys) + 1,
            },
      )
    }),
  )
})

test('damaged counts give a picture of the right size and no exception', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[0-o]{0,40}$/), (counts) => {
      expect(decodeMask({ size: [5, 6], counts }).pixels).toHaveLength(30)
    }),
  )
})
