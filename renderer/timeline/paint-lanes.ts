import type { LaneSpan } from '../../electron/contract/timeline.ts'
import { keyframeMarks, laneBars, type LaneBar } from './lane-bars.ts'
import { stripes } from './stripes.ts'
import { frameToX } from './time-scale.ts'
import { LANE_HEIGHT_PX, laneTop, visibleLanes } from './timeline-layout.ts'
import type { Context, LaneDrawing, TimelineDrawing } from './timeline-drawing.ts'

const BAR_TOP_PX = 7
const BAR_HEIGHT_PX = 12
const MIDDLE_PX = BAR_TOP_PX + BAR_HEIGHT_PX / 2
const RADIUS_PX = 3
const BETWEEN_PX = 1
const HIDDEN_ALPHA = 0.45
const HIDING_ALPHA = 0.72
const DIAMOND_PX = 5.5
const CAP_PX = 8

/** The lanes that are seen. */
export function paintLanes(context: Context, drawing: TimelineDrawing): void {
  const { layout, scale } = drawing
  context.save()
  context.beginPath()
  context.rect(0, layout.lanes.top, scale.widthPx, layout.lanes.heightPx)
  context.clip()
  const { first, end } = visibleLanes(layout)
  for (let index = first; index < end; index++) {
    const lane = drawing.lanes[index]
    if (lane !== undefined) paintLane(context, drawing, lane, laneTop(layout, index))
  }
  context.restore()
}

function paintLane(context: Context, drawing: TimelineDrawing, lane: LaneDrawing, top: number): void {
  const { theme, scale, frameCount } = drawing
  if (lane.isSelected) {
    context.fillStyle = theme.raised
    context.fillRect(0, top, scale.widthPx, LANE_HEIGHT_PX)
  }
  context.fillStyle = theme.line
  context.fillRect(0, top, scale.widthPx, 1)
  context.globalAlpha = lane.isShown ? 1 : HIDDEN_ALPHA
  const opacity = context.globalAlpha
  for (const bar of laneBars<LaneSpan['state']>(
    lane.spans.map(({ first, last, state }) => ({ first, last, state })),
    scale,
    frameCount,
  )) {
    paintBar(context, drawing, lane.colour, bar, top, opacity)
  }
  context.globalAlpha = opacity
  for (const range of lane.presence) {
    const fromX = frameToX(scale, range.first)
    const toX = frameToX(scale, range.last + 1)
    if (toX < 0 || fromX > scale.widthPx) continue
    if (range.presence === 'absent') paintSaidAbsent(context, drawing, lane, { fromX, toX, top })
    else {
      context.fillStyle = lane.colour
      context.fillRect(fromX, top + LANE_HEIGHT_PX - 4, Math.max(2, toX - fromX), 2)
    }
  }
  for (const { x } of keyframeMarks(lane.keyframes, scale, frameCount, DIAMOND_PX)) {
    paintDiamond(context, lane.colour, x, top + MIDDLE_PX)
  }
  context.globalAlpha = 1
}

function paintBar(
  context: Context,
  { theme, pixelRatio }: TimelineDrawing,
  colour: string,
  { fromX, toX, state }: LaneBar<LaneSpan['state']>,
  top: number,
  opacity: number,
): void {
  const width = toX - fromX
  if (state === 'absent' || state === 'staleAbsent') {
    context.globalAlpha = opacity * (state === 'absent' ? 1 : 0.6)
    context.fillStyle = theme.lineStrong
    context.fillRect(fromX, top + MIDDLE_PX - 1, width, 2)
    return
  }
  context.globalAlpha = opacity * theme.barOpacity
  context.fillStyle = state === 'tracked' ? colour : (stripes(context, colour, pixelRatio) ?? colour)
  if (width < 2 * RADIUS_PX) {
    context.fillRect(fromX, top + BAR_TOP_PX, width, BAR_HEIGHT_PX)
    return
  }
  context.beginPath()
  // A hair between bars that follow each other, so that their ends can be told apart.
  context.roundRect(fromX, top + BAR_TOP_PX, width - BETWEEN_PX, BAR_HEIGHT_PX, RADIUS_PX)
  context.fill()
}

/** A thin line between two caps: the person said it. What was tracked there is hidden, and shines through. */
function paintSaidAbsent(
  context: Context,
  { theme }: TimelineDrawing,
  { isSelected }: LaneDrawing,
  { fromX, toX, top }: { fromX: number; toX: number; top: number },
): void {
  const width = Math.max(2, toX - fromX)
  const opacity = context.globalAlpha
  context.globalAlpha = HIDING_ALPHA
  context.fillStyle = isSelected ? theme.raised : theme.panel
  context.fillRect(fromX, top + BAR_TOP_PX, width, BAR_HEIGHT_PX)
  context.globalAlpha = opacity
  context.fillStyle = theme.text3
  context.fillRect(fromX, top + MIDDLE_PX - 0.5, width, 1)
  context.fillRect(fromX, top + MIDDLE_PX - CAP_PX / 2, 1, CAP_PX)
  context.fillRect(fromX + width - 1, top + MIDDLE_PX - CAP_PX / 2, 1, CAP_PX)
}

function paintDiamond(context: Context, colour: string, x: number, y: number): void {
  context.beginPath()
  context.moveTo(x, y - DIAMOND_PX)
  context.lineTo(x + DIAMOND_PX, y)
  context.lineTo(x, y + DIAMOND_PX)
  context.lineTo(x - DIAMOND_PX, y)
  context.closePath()
  context.lineJoin = 'round'
  // A dark rim under the white one keeps it apart from light bars in both themes.
  context.strokeStyle = '#0000008c'
  context.lineWidth = 3.5
  context.stroke()
  context.fillStyle = colour
  context.fill()
  context.strokeStyle = '#ffffff'
  context.lineWidth = 1.5
  context.stroke()
}
