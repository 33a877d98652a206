import type { RunLengthMask } from '../../contract/mask.ts'
import { MaskFormatError } from './mask-errors.ts'
import { runLengthCounts } from './run-length-mask.ts'

/** An axis-aligned box of whole pixels. */
export interface PixelBox {
  readonly leftPx: number
  readonly topPx: number
  readonly widthPx: number
  readonly heightPx: number
}

/** Number of foreground pixels. */
export function runLengthArea(mask: RunLengthMask): number {
  const counts = runLengthCounts(mask)
  let area = 0
  for (let i = 1; i < counts.length; i += 2) area += counts[i]!
  return area
}

/** Whether the string can be read and its runs fill the picture. */
export function isRunLengthWhole(mask: RunLengthMask): boolean {
  try {
    runLengthCounts(mask)
    return true
  } catch (error) {
    if (error instanceof MaskFormatError) return false
    throw error
  }
}

/** Whether the mask has no foreground: the object is absent. */
export function isRunLengthEmpty(mask: RunLengthMask): boolean {
  return runLengthCounts(mask).length < 2
}

/** The smallest box that holds every foreground pixel; null for an empty mask. */
export function runLengthBox(mask: RunLengthMask): PixelBox | null {
  const counts = runLengthCounts(mask)
  if (counts.length < 2) return null
  const heightPx = mask.size[0]
  const columnOf = (position: number): number => Math.floor(position / heightPx)
  let top = heightPx
  let bottom = -1
  let left = 0
  let right = 0
  let position = 0
  for (let i = 0; i + 1 < counts.length; i += 2) {
    const begin = position + counts[i]!
    position = begin + counts[i + 1]!
    const firstColumn = columnOf(begin)
    const lastColumn = columnOf(position - 1)
    if (i === 0) left = firstColumn
    right = lastColumn
    if (lastColumn > firstColumn) {
      top = 0
      bottom = heightPx - 1
    } else {
      top = Math.min(top, begin - firstColumn * heightPx)
      bottom = Math.max(bottom, position - 1 - lastColumn * heightPx)
    }
  }
  return { leftPx: left, topPx: top, widthPx: right - left + 1, heightPx: bottom - top + 1 }
}

/** Whether two masks have the same size and the same pixels, however their strings were written. */
export function runLengthEquals(first: RunLengthMask, second: RunLengthMask): boolean {
  if (first.size[0] !== second.size[0] || first.size[1] !== second.size[1]) return false
  if (first.counts === second.counts) return true
  const a = runLengthCounts(first)
  const b = runLengthCounts(second)
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

/**
 * The mean of the foreground pixels' columns and rows: a lone pixel's centroid is that pixel. Null for an empty mask.
 */
export function runLengthCentroid(mask: RunLengthMask): { readonly x: number; readonly y: number } | null {
  const counts = runLengthCounts(mask)
  const heightPx = mask.size[0]
  let area = 0
  let sumX = 0
  let sumY = 0
  let position = 0
  for (let i = 0; i + 1 < counts.length; i += 2) {
    position += counts[i]!
    const end = position + counts[i + 1]!
    while (position < end) {
      const x = Math.floor(position / heightPx)
      const y = position - x * heightPx
      const length = Math.min(end - position, heightPx - y)
      area += length
      sumX += length * x
      sumY += (length * (2 * y + length - 1)) / 2
      position += length
    }
  }
  return area === 0 ? null : { x: sumX / area, y: sumY / area }
}
