import type { RunLengthMask } from '../../electron/contract/mask.ts'
import { writeRuns } from '../masks/run-length.ts'
import type { MaskRuns, PixelRect } from './mask-runs.ts'
import type { Point } from './view-transform.ts'

/**
 * A mask that is being painted: one byte a pixel, 0 or 1, column by column (pixel = x * heightPx + y), the order of
 * run-length encoding, so that a brush fills and an encoder reads along the memory.
 */
export interface ColumnMask {
  readonly widthPx: number
  readonly heightPx: number
  readonly pixels: Uint8Array
}

export function emptyColumnMask(widthPx: number, heightPx: number): ColumnMask {
  return { widthPx, heightPx, pixels: new Uint8Array(widthPx * heightPx) }
}

export function columnMaskFromRuns(runs: MaskRuns): ColumnMask {
  const mask = emptyColumnMask(runs.widthPx, runs.heightPx)
  for (let i = 1; i < runs.ends.length; i += 2) mask.pixels.fill(1, runs.ends[i - 1], runs.ends[i])
  return mask
}

/** The mask at its size as COCO run lengths. */
export function encodeColumnMask(mask: ColumnMask): RunLengthMask {
  const { pixels, widthPx, heightPx } = mask
  const counts: number[] = []
  let start = 0
  let value = 0
  while (start < pixels.length) {
    let end = pixels.indexOf(value ^ 1, start)
    if (end < 0) end = pixels.length
    counts.push(end - start)
    start = end
    value ^= 1
  }
  return { size: [heightPx, widthPx], counts: writeRuns(counts) }
}

/**
 * Paints everything within reach of the line between two places: an ellipse at each and what lies between.
 * A pixel is painted when its centre is within reach.
 * @param radius in source pixels along x and y; they differ where pixels are not square
 * @param value 1 paints, 0 erases
 * @returns the rectangle that may have changed, or null when the stroke misses the picture
 */
export function paintStroke(
  mask: ColumnMask,
  from: Point,
  to: Point,
  radius: Point,
  value: 0 | 1,
): PixelRect | null {
  // In units of the radius the brush is a circle of radius 1.
  const ax = from.x / radius.x
  const ay = from.y / radius.y
  const bx = to.x / radius.x
  const by = to.y / radius.y
  const length = Math.hypot(bx - ax, by - ay)
  const normalX = length === 0 ? 0 : -(by - ay) / length
  const normalY = length === 0 ? 0 : (bx - ax) / length
  const quad = [
    [ax + normalX, ay + normalY, bx + normalX, by + normalY],
    [ax - normalX, ay - normalY, bx - normalX, by - normalY],
    [ax + normalX, ay + normalY, ax - normalX, ay - normalY],
    [bx + normalX, by + normalY, bx - normalX, by - normalY],
  ] as const
  const left = Math.max(0, Math.ceil(Math.min(from.x, to.x) - radius.x - 0.5))
  const right = Math.min(mask.widthPx, Math.floor(Math.max(from.x, to.x) + radius.x - 0.5) + 1)
  let top = mask.heightPx
  let bottom = 0
  for (let x = left; x < right; x++) {
    const u = (x + 0.5) / radius.x
    let low = Infinity
    let high = -Infinity
    // What is reached is convex, so each column of it is one stretch.
    const reach = (v: number): void => {
      low = Math.min(low, v)
      high = Math.max(high, v)
    }
    for (const [cx, cy] of [
      [ax, ay],
      [bx, by],
    ] as const) {
      const squared = 1 - (u - cx) ** 2
      if (squared < 0) continue
      reach(cy - Math.sqrt(squared))
      reach(cy + Math.sqrt(squared))
    }
    for (const [x1, y1, x2, y2] of quad) {
      if (x1 === x2 || (u - x1) * (u - x2) > 0) continue
      reach(y1 + ((u - x1) / (x2 - x1)) * (y2 - y1))
    }
    const first = Math.max(0, Math.ceil(low * radius.y - 0.5))
    const end = Math.min(mask.heightPx, Math.floor(high * radius.y - 0.5) + 1)
    if (!(end > first)) continue
    mask.pixels.fill(value, x * mask.heightPx + first, x * mask.heightPx + end)
    top = Math.min(top, first)
    bottom = Math.max(bottom, end)
  }
  return bottom > top && right > left ? { left, top, right, bottom } : null
}

/**
 * Fills the inside of a closed line (a lasso), by the even-odd rule at pixel centres.
 * @returns the rectangle that may have changed, or null when nothing of the picture lies inside
 */
export function paintPolygon(mask: ColumnMask, corners: readonly Point[], value: 0 | 1): PixelRect | null {
  if (corners.length < 3) return null
  const left = Math.max(0, Math.floor(Math.min(...corners.map((corner) => corner.x))))
  const right = Math.min(mask.widthPx, Math.ceil(Math.max(...corners.map((corner) => corner.x))))
  let top = mask.heightPx
  let bottom = 0
  for (let x = left; x < right; x++) {
    const crossings = columnCrossings(corners, x + 0.5)
    for (let i = 0; i + 1 < crossings.length; i += 2) {
      const first = Math.max(0, Math.ceil(crossings[i]! - 0.5))
      const end = Math.min(mask.heightPx, Math.ceil(crossings[i + 1]! - 0.5))
      if (end <= first) continue
      mask.pixels.fill(value, x * mask.heightPx + first, x * mask.heightPx + end)
      top = Math.min(top, first)
      bottom = Math.max(bottom, end)
    }
  }
  return bottom > top ? { left, top, right, bottom } : null
}

function columnCrossings(corners: readonly Point[], x: number): number[] {
  const crossings: number[] = []
  let before = corners[corners.length - 1]!
  for (const corner of corners) {
    // Half-open in x, so that a corner on the column counts once.
    if (before.x <= x !== corner.x <= x) {
      crossings.push(before.y + ((x - before.x) / (corner.x - before.x)) * (corner.y - before.y))
    }
    before = corner
  }
  return crossings.sort((a, b) => a - b)
}

/** Part of the mask as row-major RGBA: the ink where it is set, nothing elsewhere. */
export function columnMaskRgba(
  mask: ColumnMask,
  rect: PixelRect,
  ink: readonly [red: number, green: number, blue: number, alpha: number],
): Uint8ClampedArray<ArrayBuffer> {
  const widthPx = rect.right - rect.left
  const heightPx = rect.bottom - rect.top
  const rgba = new Uint8ClampedArray(widthPx * heightPx * 4)
  const whole = new Uint32Array(rgba.buffer)
  const packed = new Uint32Array(new Uint8ClampedArray(ink).buffer)[0]!
  for (let column = 0; column < widthPx; column++) {
    const from = (rect.left + column) * mask.heightPx + rect.top
    for (let row = 0; row < heightPx; row++) {
      if (mask.pixels[from + row] === 1) whole[row * widthPx + column] = packed
    }
  }
  return rgba
}
