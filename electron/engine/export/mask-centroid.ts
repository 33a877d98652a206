import type { RunLengthMask } from '../../contract/mask.ts'
import { runLengthCounts } from '../masks/run-length-mask.ts'

/**
 * Mean of the foreground pixels' centres in source pixels, x then y; null for an empty mask. The centre of the first
 * pixel is 0.5, 0.5. Computed on the runs, without decoding.
 */
export function maskCentroid(mask: RunLengthMask): [x: number, y: number] | null {
  const heightPx = mask.size[0]
  const counts = runLengthCounts(mask)
  let area = 0
  let sumX = 0
  let sumY = 0
  let place = 0
  for (let run = 0; run + 1 < counts.length; run += 2) {
    place += counts[run]!
    // A run goes down a column and may go on at the top of the next.
    for (let left = counts[run + 1]!; left > 0;) {
      const column = Math.floor(place / heightPx)
      const row = place - column * heightPx
      const length = Math.min(left, heightPx - row)
      area += length
      sumX += length * (column + 0.5)
      sumY += length * (row + length / 2)
      place += length
      left -= length
    }
  }
  return area === 0 ? null : [sumX / area, sumY / area]
}
