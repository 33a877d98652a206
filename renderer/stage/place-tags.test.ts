import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { placeTags, TAG_HEIGHT_PX } from './place-tags.ts'

const transform = { offsetX: 10, offsetY: 10, scaleX: 2, scaleY: 2 }
const stage = { widthPx: 400, heightPx: 300 }

describe('placing names', () => {
  test('above the middle of the mask', () => {
    const bounds = { left: 50, top: 60, right: 90, bottom: 100 }
    expect(placeTags([{ objectId: 7, bounds, widthPx: 60 }], transform, stage)).toEqual([
      { objectId: 7, x: 120, y: 98 },
    ])
  })

  test('not over a prompt', () => {
    const bounds = { left: 50, top: 60, right: 90, bottom: 100 }
    const [tag] = placeTags([{ objectId: 7, bounds, widthPx: 60 }], transform, stage, [{ x: 150, y: 110 }])
    expect(tag!.y + TAG_HEIGHT_PX).toBeLessThan(110 - 11)
  })

  test('inside the stage where the mask begins above it', () => {
    const bounds = { left: 0, top: 0, right: 10, bottom: 100 }
    expect(placeTags([{ objectId: 7, bounds, widthPx: 60 }], transform, stage)).toEqual([
      { objectId: 7, x: 0, y: 0 },
    ])
  })

  test('not at all for a mask outside the stage', () => {
    const bounds = { left: 300, top: 0, right: 310, bottom: 10 }
    expect(placeTags([{ objectId: 7, bounds, widthPx: 60 }], transform, stage)).toEqual([])
  })

  test('none over another', () => {
    const request = fc.record({
      bounds: fc
        .tuple(fc.integer({ min: 0, max: 150 }), fc.integer({ min: 0, max: 120 }))
        .map(([left, top]) => ({ left, top, right: left + 20, bottom: top + 20 })),
      widthPx: fc.integer({ min: 20, max: 120 }),
    })
    fc.assert(
      fc.property(fc.array(request, { maxLength: 8 }), (requests) => {
        const tags = placeTags(
          requests.map((one, objectId) => ({ ...one, objectId })),
          transform,
          { widthPx: 400, heightPx: 1000 },
        )
        for (const a of tags) {
          for (const b of tags) {
            if (a.objectId >= b.objectId || Math.abs(a.y - b.y) >= TAG_HEIGHT_PX) continue
            const apart =
              a.x + requests[a.objectId]!.widthPx <= b.x + 1 || b.x + requests[b.objectId]!.widthPx <= a.x + 1
            expect(apart).toBe(true)
          }
        }
      }),
    )
  })

  test('comes to an end at fractions of a pixel', () => {
    const place = fc.record({
      x: fc.double({ min: 0, max: 60, noNaN: true }),
      y: fc.double({ min: 0, max: 300, noNaN: true }),
    })
    const scale = fc.double({ min: 0.1, max: 3, noNaN: true })
    fc.assert(
      fc.property(
        fc.array(place, { maxLength: 12 }),
        fc.integer({ min: 1, max: 8 }),
        scale,
        (marks, count, scaleY) => {
          const requests = Array.from({ length: count }, (_, objectId) => ({
            objectId,
            bounds: { left: 0, top: 40 + objectId, right: 20, bottom: 90 },
            widthPx: 61.4,
          }))
          const tags = placeTags(
            requests,
            { offsetX: 0.3, offsetY: 7.7, scaleX: scaleY, scaleY },
            stage,
            marks,
          )
          for (const { x, y } of tags) expect([x, y]).toEqual([Math.round(x), Math.round(y)])
        },
      ),
    )
  })
})
