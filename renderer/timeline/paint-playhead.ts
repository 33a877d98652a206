import { LANE_HEIGHT_PX, laneTop, RULER_HEIGHT_PX, type TimelineLayout } from './timeline-layout.ts'
import type { Context } from './timeline-drawing.ts'
import type { TimelineTheme } from './timeline-theme.ts'
import { frameCentreX, frameToX, type TimeScale } from './time-scale.ts'

/** What the upper canvas shows. */
export interface PlayheadDrawing {
  readonly layout: TimelineLayout
  readonly scale: TimeScale
  readonly theme: TimelineTheme
  readonly frameIndex: number
  /** The frame under the pointer with its words, or null. */
  readonly hover: { readonly frameIndex: number; readonly text: string } | null
  /** Frames that were chosen on a lane. */
  readonly range: { readonly lane: number; readonly first: number; readonly last: number } | null
}

const HEAD_PX = 6
/** From this width on, the frame's own cell is shown. */
const CELL_FROM_PX = 6

export function paintPlayhead(context: Context, drawing: PlayheadDrawing): void {
  const { layout, scale, theme, frameIndex } = drawing
  const bottom = layout.quality.top + layout.quality.heightPx
  paintRange(context, drawing)
  if (drawing.hover !== null) paintHover(context, drawing, drawing.hover, bottom)
  const x = frameCentreX(scale, frameIndex)
  if (scale.pxPerFrame >= CELL_FROM_PX) {
    context.globalAlpha = 0.1
    context.fillStyle = theme.text
    const cellX = frameToX(scale, frameIndex)
    context.fillRect(cellX, layout.film.top, scale.pxPerFrame, bottom - layout.film.top)
    context.globalAlpha = 1
  }
  context.fillStyle = theme.text
  context.fillRect(x - 0.75, 0, 1.5, bottom)
  context.beginPath()
  context.moveTo(x - HEAD_PX, 0)
  context.lineTo(x + HEAD_PX, 0)
  context.lineTo(x, HEAD_PX + 2)
  context.closePath()
  context.fill()
}

function paintRange(context: Context, { layout, scale, theme, range }: PlayheadDrawing): void {
  if (range === null) return
  const top = laneTop(layout, range.lane)
  if (top + LANE_HEIGHT_PX <= layout.lanes.top || top >= layout.lanes.top + layout.lanes.heightPx) return
  const fromX = frameToX(scale, range.first)
  const toX = frameToX(scale, range.last + 1)
  context.save()
  context.beginPath()
  context.rect(0, layout.lanes.top, scale.widthPx, layout.lanes.heightPx)
  context.clip()
  context.fillStyle = theme.accent
  context.globalAlpha = 0.18
  context.fillRect(fromX, top + 1, toX - fromX, LANE_HEIGHT_PX - 1)
  context.globalAlpha = 1
  context.strokeStyle = theme.accent
  context.lineWidth = 1.5
  context.strokeRect(fromX, top + 1.5, toX - fromX, LANE_HEIGHT_PX - 2)
  context.restore()
}

function paintHover(
  context: Context,
  { scale, theme }: PlayheadDrawing,
  hover: { readonly frameIndex: number; readonly text: string },
  bottom: number,
): void {
  const x = Math.round(frameCentreX(scale, hover.frameIndex))
  context.fillStyle = theme.text3
  context.globalAlpha = 0.5
  context.fillRect(x, RULER_HEIGHT_PX, 1, bottom - RULER_HEIGHT_PX)
  context.globalAlpha = 1
  context.font = `500 10.5px ${theme.font}`
  const width = Math.ceil(context.measureText(hover.text).width) + 12
  const left = Math.max(2, Math.min(scale.widthPx - width - 2, x - width / 2))
  context.fillStyle = theme.lineStrong
  context.beginPath()
  context.roundRect(left, 2, width, RULER_HEIGHT_PX - 5, 4)
  context.fill()
  context.fillStyle = theme.text
  context.textBaseline = 'middle'
  context.fillText(hover.text, left + 6, RULER_HEIGHT_PX / 2)
}
