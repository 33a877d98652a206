import { frameCentreX, frameToX, visibleFrames, type TimeScale } from './time-scale.ts'

/** Frames in one state; both ends included. */
export interface StateSpan<State> {
  readonly first: number
  readonly last: number
  readonly state: State
}

/** A stretch to draw, in whole pixels. */
export interface LaneBar<State> {
  readonly fromX: number
  readonly toX: number
  readonly state: State
}

/**
 * The bars to draw of a lane: only what is seen, and never more than one a pixel, so that a lane of thousands of short
 * spans costs no more than its width. A span too short for a pixel still gets one.
 * @param spans in frame order, without overlap
 */
export function laneBars<State>(
  spans: readonly StateSpan<State>[],
  scale: TimeScale,
  frameCount: number,
): LaneBar<State>[] {
  const seen = visibleFrames(scale, frameCount)
  const bars: { fromX: number; toX: number; state: State }[] = []
  for (let i = firstEndingAtOrAfter(spans, seen.first); i < spans.length; i++) {
    const span = spans[i]!
    if (span.first > seen.last) break
    const before = bars[bars.length - 1]
    const startX = Math.round(frameToX(scale, Math.max(span.first, seen.first - 1)))
    const toX = Math.max(startX + 1, Math.round(frameToX(scale, Math.min(span.last + 1, seen.last + 2))))
    if (before !== undefined && toX <= before.toX) continue
    const fromX = before === undefined ? startX : Math.max(startX, before.toX)
    if (before !== undefined && fromX === before.toX && before.state === span.state) before.toX = toX
    else bars.push({ fromX, toX, state: span.state })
  }
  return bars
}

/** Middles of the keyframes to draw; of those that would cover one another only the first. */
export function keyframeMarks(
  keyframes: readonly number[],
  scale: TimeScale,
  frameCount: number,
  apartPx: number,
): { frameIndex: number; x: number }[] {
  const seen = visibleFrames(scale, frameCount)
  const marginFrames = apartPx / scale.pxPerFrame
  const marks: { frameIndex: number; x: number }[] = []
  for (let i = firstAtOrAfter(keyframes, seen.first - marginFrames); i < keyframes.length; i++) {
    const frameIndex = keyframes[i]!
    if (frameIndex > seen.last + marginFrames) break
    const x = frameCentreX(scale, frameIndex)
    const before = marks[marks.length - 1]
    if (before === undefined || x - before.x >= apartPx) marks.push({ frameIndex, x })
  }
  return marks
}

/** The keyframe nearest to a place, if it is within reach. */
export function keyframeNear(
  keyframes: readonly number[],
  scale: TimeScale,
  x: number,
  reachPx: number,
): number | null {
  const from = firstAtOrAfter(keyframes, (x - reachPx) / scale.pxPerFrame + scale.range.first - 1)
  let found: number | null = null
  let nearest = reachPx
  for (let i = Math.max(0, from - 1); i < keyframes.length; i++) {
    const distance = frameCentreX(scale, keyframes[i]!) - x
    if (distance > reachPx) break
    if (Math.abs(distance) <= nearest) {
      nearest = Math.abs(distance)
      found = keyframes[i]!
    }
  }
  return found
}

function firstEndingAtOrAfter(spans: readonly { readonly last: number }[], frameIndex: number): number {
  return firstIndex(spans.length, (i) => spans[i]!.last >= frameIndex)
}

function firstAtOrAfter(frames: readonly number[], frameIndex: number): number {
  return firstIndex(frames.length, (i) => frames[i]! >= frameIndex)
}

/** The first index that holds, where all after it hold, too; `count` if none does. */
function firstIndex(count: number, holds: (index: number) => boolean): number {
  let low = 0
  let high = count
  while (low < high) {
    const middle = (low + high) >>> 1
    if (holds(middle)) high = middle
    else low = middle + 1
  }
  return low
}
