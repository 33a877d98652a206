import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  actualSize,
  fitZoom,
  LARGEST_ZOOM,
  panBy,
  pixelAt,
  pixelStretch,
  showsHardPixels,
  shownZoom,
  toSource,
  toStage,
  viewTransform,
  visibleRegion,
  zoomAt,
} from './view-transform.ts'

const viewport = { widthPx: 1064, heightPx: 640, pixelRatio: 1 }
const picture = { widthPx: 1280, heightPx: 720, pixelAspectRatio: 1 }
const fitted = { zoom: null, centreX: 0, centreY: 0 }

const viewports = fc.record({
  widthPx: fc.integer({ min: 50, max: 3000 }),
  heightPx: fc.integer({ min: 50, max: 2000 }),
  pixelRatio: fc.constantFrom(1, 1.25, 1.5, 2, 3),
})
const pictures = fc.record({
  widthPx: fc.integer({ min: 1, max: 8000 }),
  heightPx: fc.integer({ min: 1, max: 8000 }),
  pixelAspectRatio: fc.constantFrom(1, 64 / 45, 0.9, 2),
})

describe('view transform', () => {
  test('fits the picture with a margin of 24 pixels', () => {
    const transform = viewTransform(fitted, picture, viewport)
    expect(toStage(transform, { x: 0, y: 0 }).x).toBe(24)
    expect(toStage(transform, { x: 1280, y: 720 }).x).toBeCloseTo(1040, 6)
    expect(toStage(transform, { x: 640, y: 360 }).y).toBeCloseTo(320, 0)
  })

  test('at 1:1 a source pixel is a device pixel and lies on one', () => {
    fc.assert(
      fc.property(viewports, (stage) => {
        const transform = viewTransform(actualSize(picture, { x: 333.3, y: 200.7 }), picture, stage)
        expect(transform.scaleX * stage.pixelRatio).toBeCloseTo(1, 12)
        const offset = transform.offsetX * stage.pixelRatio
        expect(Math.abs(offset - Math.round(offset))).toBeLessThan(1e-6)
      }),
    )
  })

  test('pixels that are not square are stretched, never shrunk', () => {
    expect(pixelStretch({ ...picture, pixelAspectRatio: 64 / 45 })).toEqual({ x: 64 / 45, y: 1 })
    expect(pixelStretch({ ...picture, pixelAspectRatio: 0.5 })).toEqual({ x: 1, y: 2 })
    const wide = { widthPx: 720, heightPx: 576, pixelAspectRatio: 64 / 45 }
    const transform = viewTransform({ zoom: 1, centreX: 360, centreY: 288 }, wide, viewport)
    expect(transform.scaleX / transform.scaleY).toBeCloseTo(64 / 45, 9)
    expect(shownZoom(transform, viewport)).toBeCloseTo(1, 9)
  })

  test('stage to source and back is where one was', () => {
    fc.assert(
      fc.property(
        viewports,
        pictures,
        fc.double({ min: 0, max: 1 }),
        fc.double({ min: 0, max: 1 }),
        (stage, size, u, v) => {
          fc.pre(Number.isFinite(u) && Number.isFinite(v))
          const transform = viewTransform(fitted, size, stage)
          const source = { x: u * size.widthPx, y: v * size.heightPx }
          const back = toSource(transform, toStage(transform, source))
          expect(back.x).toBeCloseTo(source.x, 4)
          expect(back.y).toBeCloseTo(source.y, 4)
        },
      ),
    )
  })

  test('zooming keeps the pixel under the pointer to half a device pixel', () => {
    fc.assert(
      fc.property(
        viewports,
        fc.double({ min: 0.2, max: 0.8, noNaN: true }),
        fc.double({ min: 0.2, max: 0.8, noNaN: true }),
        fc.double({ min: 1, max: 6, noNaN: true }),
        (stage, u, v, factor) => {
          const before = viewTransform(fitted, picture, stage)
          const pointer = toStage(before, { x: u * picture.widthPx, y: v * picture.heightPx })
          const view = zoomAt(fitted, picture, stage, pointer, factor)
          fc.pre((view.zoom ?? 0) < LARGEST_ZOOM)
          const after = toStage(viewTransform(view, picture, stage), toSource(before, pointer))
          expect(Math.abs(after.x - pointer.x)).toBeLessThanOrEqual(0.51 / stage.pixelRatio)
          expect(Math.abs(after.y - pointer.y)).toBeLessThanOrEqual(0.51 / stage.pixelRatio)
        },
      ),
    )
  })

  test('zoom stays within bounds and the centre on the picture', () => {
    let view = zoomAt(fitted, picture, viewport, { x: 0, y: 0 }, 1e9)
    expect(view.zoom).toBe(LARGEST_ZOOM)
    view = panBy(view, picture, viewport, { x: 1e7, y: -1e7 })
    expect([view.centreX, view.centreY]).toEqual([0, 720])
  })

  test('panning moves the picture as far as the pointer', () => {
    const view = { zoom: 2, centreX: 640, centreY: 360 }
    const before = viewTransform(view, picture, viewport)
    const after = viewTransform(panBy(view, picture, viewport, { x: 30, y: -12 }), picture, viewport)
    expect(after.offsetX - before.offsetX).toBeCloseTo(30, 6)
    expect(after.offsetY - before.offsetY).toBeCloseTo(-12, 6)
  })

  test('pixels are hard from 200 % of device pixels on', () => {
    const at = (zoom: number, pixelRatio: number): boolean => {
      const stage = { ...viewport, pixelRatio }
      return showsHardPixels(viewTransform({ zoom, centreX: 0, centreY: 0 }, picture, stage), stage)
    }
    expect([at(1, 1), at(1.9, 2), at(2, 1), at(2, 2), at(2, 1.25)]).toEqual([false, false, true, true, true])
  })

  test('what is seen is whole pixels within the picture', () => {
    const transform = viewTransform({ zoom: 8, centreX: 100, centreY: 700 }, picture, viewport)
    expect(visibleRegion(transform, viewport, picture, 2)).toEqual({
      left: 31,
      top: 658,
      right: 169,
      bottom: 720,
    })
    expect(visibleRegion({ ...transform, offsetX: 5000 }, viewport, picture, 0)).toBeNull()
  })

  test('a click means the pixel it is in', () => {
    expect(pixelAt({ x: 12.99, y: 3.01 }, picture)).toEqual({ x: 12, y: 3 })
    expect(pixelAt({ x: -4, y: 720 }, picture)).toEqual({ x: 0, y: 719 })
  })

  test('a small picture is enlarged to fit', () => {
    expect(fitZoom({ widthPx: 100, heightPx: 50, pixelAspectRatio: 1 }, viewport)).toBeGreaterThan(5)
  })
})
