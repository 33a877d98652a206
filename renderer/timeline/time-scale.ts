/** Frames shown, from the start of one to the end of another; fractions while zooming and scrolling. */
export interface FrameRange {
  readonly first: number
  /** Behind the last one. */
  readonly end: number
}

/** Where frames lie: frame n covers `frameToX(n)` to `frameToX(n + 1)`. */
export interface TimeScale {
  readonly range: FrameRange
  readonly pxPerFrame: number
  readonly widthPx: number
}

/** Left and right of the film, so that a keyframe at its ends can be seen and taken hold of. */
export const SIDE_PX = 8
/** Zoomed in all the way. */
const WIDEST_FRAME_PX = 48

export function timeScale(range: FrameRange, widthPx: number): TimeScale {
  const roomPx = Math.max(1, widthPx - 2 * SIDE_PX)
  return { range, widthPx, pxPerFrame: roomPx / (range.end - range.first) }
}

export function frameToX(scale: TimeScale, frame: number): number {
  return SIDE_PX + (frame - scale.range.first) * scale.pxPerFrame
}

/** Where marks of a frame stand: in its middle. */
export function frameCentreX(scale: TimeScale, frameIndex: number): number {
  return frameToX(scale, frameIndex + 0.5)
}

/** Place in frames; the whole part is the frame's index. */
export function xToFrame(scale: TimeScale, x: number): number {
  return scale.range.first + (x - SIDE_PX) / scale.pxPerFrame
}

/** The frame under a place, of those that the film has. */
export function frameIndexAt(scale: TimeScale, x: number, frameCount: number): number {
  return Math.max(0, Math.min(frameCount - 1, Math.floor(xToFrame(scale, x))))
}

/** First and last frame of which anything is seen. */
export function visibleFrames(scale: TimeScale, frameCount: number): { first: number; last: number } {
  return { first: frameIndexAt(scale, 0, frameCount), last: frameIndexAt(scale, scale.widthPx, frameCount) }
}

/** The range zoomed by a factor (above 1 shows fewer frames), with the place under `x` staying there. */
export function zoomRange(scale: TimeScale, x: number, factor: number, frameCount: number): FrameRange {
  const roomPx = scale.pxPerFrame * (scale.range.end - scale.range.first)
  const fewest = Math.min(frameCount, roomPx / WIDEST_FRAME_PX)
  const count = Math.max(fewest, Math.min(frameCount, (scale.range.end - scale.range.first) / factor))
  const anchor = xToFrame(scale, x)
  const first = anchor - ((x - SIDE_PX) / roomPx) * count
  return withinFilm(first, count, frameCount)
}

/** The range moved by pixels, as far as the film goes. */
export function scrollRange(scale: TimeScale, byPx: number, frameCount: number): FrameRange {
  const { first, end } = scale.range
  return withinFilm(first + byPx / scale.pxPerFrame, end - first, frameCount)
}

/** The range moved so that a frame is seen, by as little as can be but with some room around it. */
export function revealFrame(range: FrameRange, frameIndex: number, frameCount: number): FrameRange {
  const count = range.end - range.first
  const room = Math.min(count / 2 - 0.5, count * 0.08)
  if (frameIndex - room < range.first) return withinFilm(frameIndex - room, count, frameCount)
  if (frameIndex + 1 + room > range.end) return withinFilm(frameIndex + 1 + room - count, count, frameCount)
  return range
}

function withinFilm(first: number, count: number, frameCount: number): FrameRange {
  const from = Math.max(0, Math.min(frameCount - count, first))
  return { first: from, end: from + count }
}
