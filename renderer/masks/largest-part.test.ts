import fc from 'fast-check'
import { expect, test } from 'vitest'
import { largestPartBounds } from './largest-part.ts'
import { encodeMask, maskBounds, type Bitmap } from './run-length.ts'

function bitmapOf(...rows: string[]): Bitmap {
  const widthPx = rows[0]!.length
  return {
    widthPx,
    heightPx: rows.length,
    pixels: Uint8Array.from(rows.join(''), (sign) => (sign === '#' ? 1 : 0)),
  }
}

/** Each connected part as a picture of its own, by flooding. */
function partsOf({ widthPx, heightPx, pixels }: Bitmap): Bitmap[] {
  const left = pixels.slice()
  const parts: Bitmap[] = []
  for (let start = 0; start < left.length; start++) {
    if (left[start] !== 1) continue
    const part = { widthPx, heightPx, pixels: new Uint8Array(left.length) }
    const open = [start]
    left[start] = 0
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      part.pixels[at] = 1
      const [x, y] = [at % widthPx, Math.floor(at / widthPx)]
      for (let row = Math.max(0, y - 1); row <= Math.min(heightPx - 1, y + 1); row++)
        for (let column = Math.max(0, x - 1); column <= Math.min(widthPx - 1, x + 1); column++) {
          const next = row * widthPx + column
          if (left[next] !== 1) continue
          left[next] = 0
          open.push(next)
        }
    }
    parts.push(part)
  }
  return parts
}

test('a speck far away does not count', () => {
  const mask = encodeMask(bitmapOf('.........#', '.##.......', '###.......', '.##.......'))
  expect(largestPartBounds(mask)).toEqual({ left: 0, top: 1, right: 3, bottom: 4 })
})

test('a common corner connects, an empty mask has no part', () => {
  expect(largestPartBounds(encodeMask(bitmapOf('#..', '.#.', '..#')))).toEqual({
    left: 0,
    top: 0,
    right: 3,
    bottom: 3,
  })
  expect(largestPartBounds(encodeMask(bitmapOf('...', '...')))).toBeNull()
})

test('as found by flooding the pixels', () => {
  const picture = fc.array(fc.boolean(), { minLength: 63, maxLength: 63 })
  fc.assert(
    fc.property(picture, (inside) => {
      const bitmap = { widthPx: 9, heightPx: 7, pixels: Uint8Array.from(inside, Number) }
      const areaOf = ({ pixels }: Bitmap): number => pixels.reduce((sum, pixel) => sum + pixel, 0)
      const parts = partsOf(bitmap)
      const most = Math.max(0, ...parts.map(areaOf))
      const largest = parts
        .filter((part) => areaOf(part) === most)
        .map((part) => maskBounds(encodeMask(part)))
      expect(parts.length === 0 ? [null] : largest).toContainEqual(largestPartBounds(encodeMask(bitmap)))
    }),
  )
})
