import { rulerTicks } from './ruler-ticks.ts'
import { markerXs, scrollThumb } from './timeline-hit.ts'
import { RULER_HEIGHT_PX } from './timeline-layout.ts'
import type { Context, TimelineDrawing } from './timeline-drawing.ts'
import { frameToX } from './time-scale.ts'

const TICK_TOP_PX = 16
const NUMBERED_TOP_PX = 4
const BRACKET_PX = 2

/** Lines and numbers, and the brackets of in and out with what lies between them. */
export function paintRuler(context: Context, drawing: TimelineDrawing): void {
  const { scale, theme, frameCount } = drawing
  paintBrackets(context, drawing)
  context.fillStyle = theme.line
  context.fillRect(0, RULER_HEIGHT_PX - 1, scale.widthPx, 1)
  context.font = `10.5px ${theme.font}`
  context.textBaseline = 'alphabetic'
  for (const tick of rulerTicks(scale, frameCount)) {
    const x = Math.round(tick.x)
    const top = tick.isNumbered ? NUMBERED_TOP_PX : TICK_TOP_PX
    context.fillStyle = tick.isNumbered ? theme.lineStrong : theme.line
    context.fillRect(x, top, 1, RULER_HEIGHT_PX - 1 - top)
    if (!tick.isNumbered) continue
    context.fillStyle = theme.text3
    context.fillText(String(tick.frameIndex), x + 4, 13)
  }
}

function paintBrackets(context: Context, { scale, theme, markers, frameCount }: TimelineDrawing): void {
  if (markers.inFrame === null && markers.outFrame === null) return
  const { inX, outX } = markerXs(scale, markers)
  const fromX = inX ?? frameToX(scale, 0)
  const toX = outX ?? frameToX(scale, frameCount)
  context.fillStyle = theme.accent
  context.globalAlpha = 0.13
  context.fillRect(fromX, 0, toX - fromX, RULER_HEIGHT_PX - 1)
  context.globalAlpha = 1
  if (inX !== null) {
    context.fillRect(Math.round(inX) - 1, 0, BRACKET_PX, RULER_HEIGHT_PX)
    context.fillRect(Math.round(inX) - 1, 0, 5, BRACKET_PX)
  }
  if (outX !== null) {
    context.fillRect(Math.round(outX) - 1, 0, BRACKET_PX, RULER_HEIGHT_PX)
    context.fillRect(Math.round(outX) - 4, 0, 5, BRACKET_PX)
  }
}

/** The bar to scroll with, when there is more than is seen. */
export function paintScrollBar(
  context: Context,
  { scale, theme, frameCount, layout }: TimelineDrawing,
): void {
  const thumb = scrollThumb(scale, frameCount)
  if (thumb === null) return
  context.fillStyle = theme.lineStrong
  context.beginPath()
  context.roundRect(thumb.fromX, layout.scrollBar.top + 3, thumb.toX - thumb.fromX, 4, 2)
  context.fill()
}
