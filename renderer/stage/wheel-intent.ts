import type { Point } from './view-transform.ts'

/** The part of a wheel event that says what is meant. */
export interface WheelSample {
  readonly deltaX: number
  readonly deltaY: number
  /** 0 pixels, 1 lines, 2 pages. */
  readonly deltaMode: number
  readonly ctrlKey: boolean
  readonly shiftKey: boolean
  readonly altKey: boolean
}

export type WheelIntent =
  { readonly kind: 'zoom'; readonly factor: number } | { readonly kind: 'pan'; readonly delta: Point }

const LINE_PX = 16
const PAGE_PX = 400
const ZOOM_PER_PX = 0.0016
/** Browsers report a pinch as a wheel with Ctrl and small steps. */
const PINCH_PER_PX = 0.01

/**
 * A wheel zooms; with Shift it moves the picture sideways, with Alt up and down; a sideways wheel moves it, too.
 */
export function wheelIntent(sample: WheelSample): WheelIntent {
  const unit = sample.deltaMode === 0 ? 1 : sample.deltaMode === 1 ? LINE_PX : PAGE_PX
  const x = sample.deltaX * unit
  const y = sample.deltaY * unit
  if (sample.ctrlKey) return { kind: 'zoom', factor: Math.exp(-y * PINCH_PER_PX) }
  // Some systems turn the wheel sideways themselves while Shift is held.
  if (sample.shiftKey) return { kind: 'pan', delta: { x: -(x === 0 ? y : x), y: 0 } }
  if (sample.altKey) return { kind: 'pan', delta: { x: 0, y: -y } }
  if (Math.abs(x) > Math.abs(y)) return { kind: 'pan', delta: { x: -x, y: -y } }
  return { kind: 'zoom', factor: Math.exp(-y * ZOOM_PER_PX) }
}
