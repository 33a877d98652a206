import { qualityPieces } from './quality-line.ts'
import type { Context, TimelineDrawing } from './timeline-drawing.ts'

const INSET_PX = 6

/** The quality strip of the selected object, suspect stretches in amber over a faint band. */
export function paintQuality(context: Context, drawing: TimelineDrawing): void {
  const { layout, theme, scale, quality } = drawing
  const { top, heightPx } = layout.quality
  context.fillStyle = theme.line
  context.fillRect(0, top, scale.widthPx, 1)
  if (quality === null) return
  const lineHeight = heightPx - 2 * INSET_PX
  const pieces = qualityPieces(quality.columns, quality.first, scale, lineHeight, drawing.suspicionThreshold)
  context.fillStyle = theme.warn
  context.globalAlpha = 0.12
  for (const piece of pieces) {
    if (!piece.isSuspect) continue
    const fromX = piece.points[0]!
    const toX = piece.points[piece.points.length - 2]!
    context.fillRect(fromX, top + 1, Math.max(1.5, toX - fromX), heightPx - 1)
  }
  context.globalAlpha = 1
  context.lineJoin = 'round'
  for (const piece of pieces) {
    context.beginPath()
    for (let i = 0; i < piece.points.length; i += 2) {
      context.lineTo(piece.points[i]!, top + INSET_PX + piece.points[i + 1]!)
    }
    context.strokeStyle = piece.isSuspect ? theme.warn : theme.good
    context.lineWidth = piece.isSuspect ? 2 : 1.5
    context.stroke()
  }
}
