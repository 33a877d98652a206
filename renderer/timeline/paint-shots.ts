import { frameToX } from './time-scale.ts'
import type { Context, TimelineDrawing } from './timeline-drawing.ts'
import { RULER_HEIGHT_PX } from './timeline-layout.ts'

const HANDLE_WIDTH_PX = 7
const HANDLE_HEIGHT_PX = 9

/** Shot cuts through film, lanes and quality strip, each with a handle on the ruler to drag it by. */
export function paintShots(context: Context, { layout, theme, scale, shots }: TimelineDrawing): void {
  const xs = shots
    .map(({ frameIndex }) => Math.round(frameToX(scale, frameIndex)) + 0.5)
    .filter((x) => x >= 0 && x <= scale.widthPx)
  if (xs.length === 0) return
  context.save()
  context.strokeStyle = theme.text2
  context.fillStyle = theme.text2
  context.lineWidth = 1
  context.setLineDash([3, 3])
  context.beginPath()
  for (const x of xs) {
    context.moveTo(x, layout.film.top)
    context.lineTo(x, layout.quality.top + layout.quality.heightPx)
  }
  context.stroke()
  context.beginPath()
  for (const x of xs) {
    const top = RULER_HEIGHT_PX - HANDLE_HEIGHT_PX
    context.roundRect(x - HANDLE_WIDTH_PX / 2, top, HANDLE_WIDTH_PX, HANDLE_HEIGHT_PX, [2, 2, 0, 0])
  }
  context.fill()
  context.restore()
}
