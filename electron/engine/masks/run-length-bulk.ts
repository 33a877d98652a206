import type { RunLengthMask } from '../../contract/mask.ts'
import { visitColumnRuns } from './run-length-crop.ts'
import type { PixelBox } from './run-length-measures.ts'

/**
 * The box of nearly all foreground pixels; null for an empty mask.
 * @param spared share of the mask that may lie outside on each side
 */
export function runLengthBulkBox(mask: RunLengthMask, spared: number): PixelBox | null {
  const [heightPx, widthPx] = mask.size
  const columns = new Uint32Array(widthPx)
  // Where rows gain and lose a column's run; their sums are what each row holds.
  const changes = new Int32Array(heightPx + 1)
  let area = 0
  visitColumnRuns(mask, (column, first, end) => {
    columns[column]! += end - first
    changes[first]!++
    changes[end]!--
    area += end - first
  })
  if (area === 0) return null
  let held = 0
  const rows = Uint32Array.from(changes.subarray(0, heightPx), (change) => (held += change))
  const across = bulkOf(columns, area * spared)
  const down = bulkOf(rows, area * spared)
  return {
    ...{ leftPx: across.first, topPx: down.first },
    widthPx: across.last - across.first + 1,
    heightPx: down.last - down.first + 1,
  }
}

/** First and last place between which all is but so much on either side. */
export function bulkOf(counts: Uint32Array, spared: number): { first: number; last: number } {
  let first = 0
  for (let before = counts[0]!; before <= spared; before += counts[first]!) first++
  let last = counts.length - 1
  for (let after = counts[last]!; after <= spared; after += counts[last]!) last--
  return { first, last }
}
