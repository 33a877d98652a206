import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { blitTag, placeTags } from './tag-placement.ts'

const tagOf = (widthPx: number, heightPx: number) => ({
  widthPx,
  heightPx,
  rgba: new Uint8Array(widthPx * heightPx * 4).fill(255),
})
const box = (leftPx: number, topPx: number, widthPx: number, heightPx: number) => ({
  leftPx,
  topPx,
  widthPx,
  heightPx,
})

describe('placeTags', () => {
  it('centres a tag above its object', () => {
    const [placed] = placeTags([{ tag: tagOf(20, 10), box: box(50, 60, 40, 30) }], 200, 200, 4)
    expect(placed).toMatchObject({ leftPx: 60, topPx: 46 })
  })

  it('keeps tags inside the picture', () => {
    const labelled = [
      { tag: tagOf(20, 10), box: box(0, 0, 4, 4) },
      { tag: tagOf(20, 10), box: box(196, 100, 4, 4) },
    ]
    expect(placeTags(labelled, 200, 200, 4)).toMatchObject([
      { leftPx: 0, topPx: 0 },
      { leftPx: 180, topPx: 86 },
    ])
  })

  it('covers no tag with another where there is room for all', () => {
    const boxes = fc.record({
      leftPx: fc.integer({ min: 0, max: 190 }),
      topPx: fc.integer({ min: 0, max: 190 }),
      widthPx: fc.integer({ min: 1, max: 10 }),
      heightPx: fc.integer({ min: 1, max: 10 }),
    })
    fc.assert(
      fc.property(fc.array(boxes, { maxLength: 6 }), (all) => {
        const placed = placeTags(
          all.map((one) => ({ tag: tagOf(30, 10), box: one })),
          200,
          200,
          2,
        )
        for (const [index, a] of placed.entries()) {
          expect(a.topPx).toBeGreaterThanOrEqual(0)
          expect(a.topPx + 10).toBeLessThanOrEqual(200)
          for (const b of placed.slice(index + 1)) {
            const apart = Math.abs(a.leftPx - b.leftPx) >= 30 || Math.abs(a.topPx - b.topPx) >= 10
            expect(apart).toBe(true)
          }
        }
      }),
    )
  })
})

describe('blitTag', () => {
  it('writes only inside the picture, whatever sticks out', () => {
    const strideBytes = 5 * 3
    const pixels = new Uint8Array(strideBytes * 4)
    // The picture is 4x3; the fifth column and the fourth row belong to someone else.
    blitTag({ pixels, strideBytes }, tagOf(10, 10), -3, -3, 4, 3)
    for (let y = 0; y < 4; y++) {
      for (let x = 0; x < 5; x++) expect(pixels[y * strideBytes + x * 3]).toBe(x < 4 && y < 3 ? 255 : 0)
    }
  })
})
