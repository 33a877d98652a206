import { fillSlot } from './film-slots.ts'
import { frameToX } from './time-scale.ts'
import type { Context, TimelineDrawing } from './timeline-drawing.ts'

const INSET_PX = 3
const RADIUS_PX = 4

/** Height of the pictures in the strip. */
export const FILM_PICTURE_HEIGHT_PX = 40

/** The filmstrip; places whose picture has not come yet are left plain. */
export function paintFilm(context: Context, drawing: TimelineDrawing): void {
  const { layout, scale, theme, frameCount, slots } = drawing
  const top = layout.film.top + INSET_PX
  const fromX = frameToX(scale, 0)
  const toX = frameToX(scale, frameCount)
  context.save()
  context.beginPath()
  context.roundRect(fromX, top, toX - fromX, FILM_PICTURE_HEIGHT_PX, RADIUS_PX)
  context.clip()
  context.fillStyle = theme.raised
  context.fillRect(Math.max(0, fromX), top, Math.min(scale.widthPx, toX), FILM_PICTURE_HEIGHT_PX)
  context.imageSmoothingQuality = 'high'
  for (const slot of slots) {
    const picture = drawing.pictureOf(slot)
    if (picture === null) continue
    const { bitmap, pixelAspectRatio } = picture
    const part = fillSlot(slot, FILM_PICTURE_HEIGHT_PX, {
      width: bitmap.width,
      height: bitmap.height,
      pixelAspectRatio,
    })
    const { sourceX, sourceWidth, x, width } = part
    context.drawImage(bitmap, sourceX, 0, sourceWidth, bitmap.height, x, top, width, FILM_PICTURE_HEIGHT_PX)
  }
  context.restore()
}
