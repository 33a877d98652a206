import type { Markers, ShotBoundary } from '../../electron/contract/project.ts'
import { keyframeNear } from './lane-bars.ts'
import { frameIndexAt, frameToX, SIDE_PX, type FrameRange, type TimeScale } from './time-scale.ts'
import { LANE_HEIGHT_PX, RULER_HEIGHT_PX, type TimelineLayout } from './timeline-layout.ts'

/** What lies under the pointer. Ruler, film and quality strip are for scrubbing. */
export type TimelineHit =
  | { readonly kind: 'scrub'; readonly frameIndex: number }
  | { readonly kind: 'inMarker' | 'outMarker' }
  | { readonly kind: 'shot'; readonly shot: ShotBoundary }
  | {
      readonly kind: 'lane'
      readonly lane: number
      readonly frameIndex: number
      readonly keyframe: number | null
    }
  | { readonly kind: 'scrollBar'; readonly onThumb: boolean }
  | { readonly kind: 'nothing' }

const MARKER_REACH_PX = 6
const KEYFRAME_REACH_PX = 7
const SHOT_REACH_PX = 5

/** What can be taken hold of. */
export interface Handles {
  readonly markers: Markers
  readonly shots: readonly ShotBoundary[]
  keyframesOf(lane: number): readonly number[]
}

export function timelineHit(
  layout: TimelineLayout,
  scale: TimeScale,
  frameCount: number,
  handles: Handles,
  x: number,
  y: number,
): TimelineHit {
  const frameIndex = frameIndexAt(scale, x, frameCount)
  if (y < RULER_HEIGHT_PX)
    return (
      markerAt(scale, handles.markers, x) ?? shotAt(scale, handles.shots, x) ?? { kind: 'scrub', frameIndex }
    )
  if (y >= layout.scrollBar.top) {
    const thumb = scrollThumb(scale, frameCount)
    if (thumb === null) return { kind: 'nothing' }
    return { kind: 'scrollBar', onThumb: x >= thumb.fromX && x < thumb.toX }
  }
  if (y >= layout.lanes.top && y < layout.lanes.top + layout.lanes.heightPx) {
    const lane = Math.floor((y - layout.lanes.top + layout.scrollPx) / LANE_HEIGHT_PX)
    const keyframe = keyframeNear(handles.keyframesOf(lane), scale, x, KEYFRAME_REACH_PX)
    return { kind: 'lane', lane, frameIndex, keyframe }
  }
  return { kind: 'scrub', frameIndex }
}

/** Brackets stand around their frames: in at its start, out at its end. */
export function markerXs(scale: TimeScale, markers: Markers): { inX: number | null; outX: number | null } {
  return {
    inX: markers.inFrame === null ? null : frameToX(scale, markers.inFrame),
    outX: markers.outFrame === null ? null : frameToX(scale, markers.outFrame + 1),
  }
}

function markerAt(scale: TimeScale, markers: Markers, x: number): TimelineHit | null {
  const { inX, outX } = markerXs(scale, markers)
  const toIn = inX === null ? Infinity : Math.abs(x - inX)
  const toOut = outX === null ? Infinity : Math.abs(x - outX)
  if (Math.min(toIn, toOut) > MARKER_REACH_PX) return null
  // Where both stand on one place, the pointer's side says which is meant.
  if (toIn === toOut) return { kind: x < (inX ?? 0) ? 'inMarker' : 'outMarker' }
  return { kind: toIn < toOut ? 'inMarker' : 'outMarker' }
}

function shotAt(scale: TimeScale, shots: readonly ShotBoundary[], x: number): TimelineHit | null {
  const away = (shot: ShotBoundary): number => Math.abs(x - frameToX(scale, shot.frameIndex))
  const [nearest] = [...shots].sort((first, second) => away(first) - away(second))
  return nearest && away(nearest) <= SHOT_REACH_PX ? { kind: 'shot', shot: nearest } : null
}

/** Where a shot begins after it was dragged to a place: between two frames, so not on the first. */
export function draggedShotFrame(scale: TimeScale, frameCount: number, x: number): number {
  return Math.max(1, Math.min(frameCount - 1, boundaryAt(scale, x)))
}

/** The boundary between two frames that is nearest, by the frame behind it. */
function boundaryAt(scale: TimeScale, x: number): number {
  return Math.round(scale.range.first + (x - SIDE_PX) / scale.pxPerFrame)
}

/** The markers after one was dragged to a place: it stays on its side of the other, at least a frame away from it. */
export function draggedMarkers(
  scale: TimeScale,
  frameCount: number,
  markers: Markers,
  which: 'inMarker' | 'outMarker',
  x: number,
): Markers {
  const boundary = boundaryAt(scale, x)
  if (which === 'inMarker') {
    const highest = markers.outFrame ?? frameCount - 1
    return { ...markers, inFrame: Math.max(0, Math.min(highest, boundary)) }
  }
  const lowest = markers.inFrame ?? 0
  return { ...markers, outFrame: Math.max(lowest, Math.min(frameCount - 1, boundary - 1)) }
}

const SMALLEST_THUMB_PX = 24

/** The scroll bar's thumb; null while the whole film is seen. */
export function scrollThumb(scale: TimeScale, frameCount: number): { fromX: number; toX: number } | null {
  const { first, end } = scale.range
  const count = end - first
  if (count >= frameCount - 1e-6) return null
  const roomPx = scale.widthPx - 2 * SIDE_PX
  const lengthPx = Math.max(SMALLEST_THUMB_PX, (count / frameCount) * roomPx)
  const fromX = SIDE_PX + (first / (frameCount - count)) * (roomPx - lengthPx)
  return { fromX, toX: fromX + lengthPx }
}

/** The range after the thumb was dragged by pixels from where it was for `start`. */
export function draggedThumb(
  start: FrameRange,
  scale: TimeScale,
  frameCount: number,
  byPx: number,
): FrameRange {
  const count = start.end - start.first
  const roomPx = scale.widthPx - 2 * SIDE_PX
  const lengthPx = Math.max(SMALLEST_THUMB_PX, (count / frameCount) * roomPx)
  const framesPerPx = (frameCount - count) / Math.max(1, roomPx - lengthPx)
  const first = Math.max(0, Math.min(frameCount - count, start.first + byPx * framesPerPx))
  return { first, end: first + count }
}
