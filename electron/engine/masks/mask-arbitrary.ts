import fc from 'fast-check'
import type { BinaryMask } from './binary-mask.ts'

/** For tests: a mask drawn as text, `#` for foreground, one string a row. */
export function maskFromRows(...rows: string[]): BinaryMask {
  const data = Uint8Array.from(rows.join(''), (character) => (character === '#' ? 1 : 0))
  return { widthPx: rows[0]!.length, heightPx: rows.length, data }
}

/**
 * For tests: masks of every kind that has ever been trouble: noise, blobs of rectangles with holes, single pixels,
 * empty and full ones, pictures one pixel wide or high.
 */
export function arbitraryMask(maxSidePx: number): fc.Arbitrary<BinaryMask> {
  const side = fc.integer({ min: 1, max: maxSidePx })
  return fc.tuple(side, side).chain(([widthPx, heightPx]) => arbitraryMaskOf(widthPx, heightPx))
}

/** For tests: as `arbitraryMask`, of a given size. */
export function arbitraryMaskOf(widthPx: number, heightPx: number): fc.Arbitrary<BinaryMask> {
  const pixels = widthPx * heightPx
  const noise = fc
    .uint8Array({ minLength: pixels, maxLength: pixels, max: 1 })
    .map((data) => ({ widthPx, heightPx, data }))
  const rectangle = fc.record({
    x: fc.integer({ min: 0, max: widthPx - 1 }),
    y: fc.integer({ min: 0, max: heightPx - 1 }),
    w: fc.integer({ min: 1, max: widthPx }),
    h: fc.integer({ min: 1, max: heightPx }),
    value: fc.constantFrom(0, 1, 1),
  })
  const rectangles = fc.array(rectangle, { maxLength: 8 }).map((list) => {
    const data = new Uint8Array(pixels)
    for (const { x, y, w, h, value } of list) {
      for (let row = y; row < Math.min(y + h, heightPx); row++) {
        data.fill(value, row * widthPx + x, row * widthPx + Math.min(x + w, widthPx))
      }
    }
    return { widthPx, heightPx, data }
  })
  const uniform = fc
    .constantFrom(0, 1)
    .map((value) => ({ widthPx, heightPx, data: new Uint8Array(pixels).fill(value) }))
  return fc.oneof({ weight: 3, arbitrary: rectangles }, { weight: 3, arbitrary: noise }, uniform)
}
