import type { RunLengthMask } from '../../electron/contract/mask.ts'
import { readRuns } from '../masks/run-length.ts'

/**
 * A mask as cumulative run ends, made for asking single pixels: run i covers the pixels `ends[i - 1]` to
 * `ends[i] - 1` in column-major order (pixel = x * heightPx + y) and is foreground where i is odd. The last end is the
 * number of pixels.
 */
export interface MaskRuns {
  readonly widthPx: number
  readonly heightPx: number
  readonly ends: Uint32Array
}

/** Edges in source pixels; right and bottom lie behind the last pixel. */
export interface PixelRect {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/** Reads a mask. Runs beyond the picture are cut, what is missing at the end is background. */
export function runsOf(mask: RunLengthMask): MaskRuns {
  const [heightPx, widthPx] = mask.size
  const pixelCount = widthPx * heightPx
  const ends = readRuns(mask.counts)
  let total = 0
  for (let i = 0; i < ends.length; i++) {
    total = Math.min(pixelCount, Math.max(total, total + ends[i]!))
    ends[i] = total
  }
  return { widthPx, heightPx, ends }
}

/** Whether the pixel x, y (whole numbers) is foreground; outside the picture nothing is. */
export function runsContain(runs: MaskRuns, x: number, y: number): boolean {
  if (x < 0 || y < 0 || x >= runs.widthPx || y >= runs.heightPx) return false
  return (firstRunEndingAfter(runs, x * runs.heightPx + y) & 1) === 1
}

/** The first run that ends behind the pixel, so the run that holds it. */
export function firstRunEndingAfter(runs: MaskRuns, pixel: number): number {
  let low = 0
  let high = runs.ends.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (runs.ends[middle]! > pixel) high = middle
    else low = middle + 1
  }
  // Behind the last run all is background.
  return low === runs.ends.length ? low & ~1 : low
}

/** Foreground pixels. */
export function runsArea(runs: MaskRuns): number {
  let area = 0
  for (let i = 1; i < runs.ends.length; i += 2) area += runs.ends[i]! - runs.ends[i - 1]!
  return area
}

/** Foreground runs of one column as pairs of rows, `visit(from, to)` with `to` behind the last pixel. */
export function visitColumn(runs: MaskRuns, x: number, visit: (from: number, to: number) => void): void {
  const columnStart = x * runs.heightPx
  const columnEnd = columnStart + runs.heightPx
  for (let i = firstRunEndingAfter(runs, columnStart) | 1; i < runs.ends.length; i += 2) {
    const from = Math.max(runs.ends[i - 1]!, columnStart)
    if (from >= columnEnd) return
    const to = Math.min(runs.ends[i]!, columnEnd)
    if (to > from) visit(from - columnStart, to - columnStart)
  }
}
