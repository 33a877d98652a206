import type { PixelRect } from './mask-runs.ts'

/** A place, in whichever pixels the name says. */
export interface Point {
  readonly x: number
  readonly y: number
}

/** The stage on the screen, in CSS pixels, and how many device pixels a CSS pixel has. */
export interface Viewport {
  readonly widthPx: number
  readonly heightPx: number
  readonly pixelRatio: number
}

/** A picture as stored; `pixelAspectRatio` is the width of a stored pixel over its height. */
export interface PictureSize {
  readonly widthPx: number
  readonly heightPx: number
  readonly pixelAspectRatio: number
}

/** What the person looks at. `zoom` is device pixels per displayed source pixel; null fits the picture. */
export interface ViewChoice {
  readonly zoom: number | null
  readonly centreX: number
  readonly centreY: number
}

/** Stage (CSS pixels) = offset + scale * source (stored pixels, the first one from 0 to 1). */
export interface ViewTransform {
  readonly offsetX: number
  readonly offsetY: number
  readonly scaleX: number
  readonly scaleY: number
}

export const LARGEST_ZOOM = 64
const SMALLEST_ZOOM = 0.02
/** From here on the stage shows hard pixels: below, uneven pixel sizes would disturb more than softness does. */
const CRISP_FROM_ZOOM = 2
const FIT_MARGIN_PX = 24

/**
 * How much a stored pixel is stretched for display. One axis always stays 1, the other grows, so that no stored pixel
 * is lost at zoom 1.
 */
export function pixelStretch(picture: PictureSize): Point {
  const ratio = picture.pixelAspectRatio
  return ratio >= 1 ? { x: ratio, y: 1 } : { x: 1, y: 1 / ratio }
}

/** The zoom at which the whole picture is seen with a margin; small pictures are enlarged. */
export function fitZoom(picture: PictureSize, viewport: Viewport): number {
  const stretch = pixelStretch(picture)
  const roomX = Math.max(1, viewport.widthPx - 2 * FIT_MARGIN_PX)
  const roomY = Math.max(1, viewport.heightPx - 2 * FIT_MARGIN_PX)
  const scale = Math.min(roomX / (picture.widthPx * stretch.x), roomY / (picture.heightPx * stretch.y))
  return clampZoom(scale * viewport.pixelRatio)
}

export function clampZoom(zoom: number): number {
  return Math.min(LARGEST_ZOOM, Math.max(SMALLEST_ZOOM, zoom))
}

/** The transform of a view. At whole zooms offsets lie on device pixels, so that 1:1 is exact to the pixel. */
export function viewTransform(view: ViewChoice, picture: PictureSize, viewport: Viewport): ViewTransform {
  const stretch = pixelStretch(picture)
  const zoom = view.zoom ?? fitZoom(picture, viewport)
  const scaleX = (zoom * stretch.x) / viewport.pixelRatio
  const scaleY = (zoom * stretch.y) / viewport.pixelRatio
  const centreX = view.zoom === null ? picture.widthPx / 2 : view.centreX
  const centreY = view.zoom === null ? picture.heightPx / 2 : view.centreY
  const toDevicePixel = (value: number): number =>
    Math.round(value * viewport.pixelRatio) / viewport.pixelRatio
  return {
    offsetX: toDevicePixel(viewport.widthPx / 2 - centreX * scaleX),
    offsetY: toDevicePixel(viewport.heightPx / 2 - centreY * scaleY),
    scaleX,
    scaleY,
  }
}

export function toStage(transform: ViewTransform, source: Point): Point {
  return {
    x: transform.offsetX + source.x * transform.scaleX,
    y: transform.offsetY + source.y * transform.scaleY,
  }
}

export function toSource(transform: ViewTransform, stage: Point): Point {
  return {
    x: (stage.x - transform.offsetX) / transform.scaleX,
    y: (stage.y - transform.offsetY) / transform.scaleY,
  }
}

/** The view after zooming by a factor with the source pixel under `pointer` (CSS pixels) staying where it is. */
export function zoomAt(
  view: ViewChoice,
  picture: PictureSize,
  viewport: Viewport,
  pointer: Point,
  factor: number,
): ViewChoice {
  const before = viewTransform(view, picture, viewport)
  const anchor = toSource(before, pointer)
  const zoom = clampZoom((view.zoom ?? fitZoom(picture, viewport)) * factor)
  const stretch = pixelStretch(picture)
  const centre = {
    x: anchor.x - ((pointer.x - viewport.widthPx / 2) * viewport.pixelRatio) / (zoom * stretch.x),
    y: anchor.y - ((pointer.y - viewport.heightPx / 2) * viewport.pixelRatio) / (zoom * stretch.y),
  }
  return withinReach({ zoom, centreX: centre.x, centreY: centre.y }, picture)
}

/** The view after moving the picture by CSS pixels. */
export function panBy(view: ViewChoice, picture: PictureSize, viewport: Viewport, delta: Point): ViewChoice {
  const zoom = view.zoom ?? fitZoom(picture, viewport)
  const transform = viewTransform(view, picture, viewport)
  const centre = view.zoom === null ? { x: picture.widthPx / 2, y: picture.heightPx / 2 } : null
  return withinReach(
    {
      zoom,
      centreX: (centre?.x ?? view.centreX) - delta.x / transform.scaleX,
      centreY: (centre?.y ?? view.centreY) - delta.y / transform.scaleY,
    },
    picture,
  )
}

/** 1:1, one device pixel a source pixel, around the given source pixel. */
export function actualSize(picture: PictureSize, centre: Point): ViewChoice {
  return withinReach({ zoom: 1, centreX: centre.x, centreY: centre.y }, picture)
}

/** The centre of the stage never leaves the picture, so the picture cannot be lost. */
function withinReach(view: ViewChoice, picture: PictureSize): ViewChoice {
  return {
    zoom: view.zoom,
    centreX: Math.min(picture.widthPx, Math.max(0, view.centreX)),
    centreY: Math.min(picture.heightPx, Math.max(0, view.centreY)),
  }
}

/** Whether the frame is drawn with hard pixels. */
export function showsHardPixels(transform: ViewTransform, viewport: Viewport): boolean {
  return Math.min(transform.scaleX, transform.scaleY) * viewport.pixelRatio >= CRISP_FROM_ZOOM - 1e-6
}

/** Device pixels per displayed source pixel, as the person reads it: 1 is 100 %. */
export function shownZoom(transform: ViewTransform, viewport: Viewport): number {
  return Math.min(transform.scaleX, transform.scaleY) * viewport.pixelRatio
}

/** The part of the picture that is seen, whole pixels, grown by a margin and cut to the picture; null if none is. */
export function visibleRegion(
  transform: ViewTransform,
  viewport: Viewport,
  picture: PictureSize,
  marginPx: number,
): PixelRect | null {
  const first = toSource(transform, { x: 0, y: 0 })
  const last = toSource(transform, { x: viewport.widthPx, y: viewport.heightPx })
  const left = Math.max(0, Math.floor(first.x) - marginPx)
  const top = Math.max(0, Math.floor(first.y) - marginPx)
  const right = Math.min(picture.widthPx, Math.ceil(last.x) + marginPx)
  const bottom = Math.min(picture.heightPx, Math.ceil(last.y) + marginPx)
  return right > left && bottom > top ? { left, top, right, bottom } : null
}

/** The pixel that holds a place, cut to the picture: what a click means. */
export function pixelAt(source: Point, picture: PictureSize): Point {
  return {
    x: Math.min(picture.widthPx - 1, Math.max(0, Math.floor(source.x))),
    y: Math.min(picture.heightPx - 1, Math.max(0, Math.floor(source.y))),
  }
}

export function isInside(source: Point, picture: PictureSize): boolean {
  return source.x >= 0 && source.y >= 0 && source.x < picture.widthPx && source.y < picture.heightPx
}
