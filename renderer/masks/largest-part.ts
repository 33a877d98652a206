import type { RunLengthMask } from '../../electron/contract/mask.ts'
import { readRuns, type MaskBounds } from './run-length.ts'

/** Neighbouring pixels of one column, `bottom` behind the last one. */
interface Segment {
  readonly column: number
  readonly top: number
  readonly bottom: number
}

/**
 * The smallest box around the largest connected part of a mask (a common corner connects), read off its runs without
 * unpacking it; null for an empty mask. Of parts of the same size the leftmost counts.
 */
export function largestPartBounds(mask: RunLengthMask): MaskBounds | null {
  const segments = columnSegments(mask)
  const partOf = joinNeighbours(segments)
  const parts = new Map<number, MaskBounds & { readonly areaPx: number }>()
  let largest: (MaskBounds & { readonly areaPx: number }) | null = null
  for (const [index, { column, top, bottom }] of segments.entries()) {
    const known = parts.get(partOf[index]!)
    const part = {
      left: known?.left ?? column,
      top: Math.min(known?.top ?? top, top),
      right: column + 1,
      bottom: Math.max(known?.bottom ?? bottom, bottom),
      areaPx: (known?.areaPx ?? 0) + bottom - top,
    }
    parts.set(partOf[index]!, part)
  }
  for (const part of parts.values()) if (part.areaPx > (largest?.areaPx ?? 0)) largest = part
  return largest === null
    ? null
    : { left: largest.left, top: largest.top, right: largest.right, bottom: largest.bottom }
}

/** In column-major order. */
function columnSegments({ size: [heightPx], counts }: RunLengthMask): Segment[] {
  const segments: Segment[] = []
  let place = 0
  let inside = false
  for (const run of readRuns(counts)) {
    const end = place + run
    while (inside && place < end) {
      const column = Math.floor(place / heightPx)
      const stop = Math.min(end, (column + 1) * heightPx)
      segments.push({ column, top: place - column * heightPx, bottom: stop - column * heightPx })
      place = stop
    }
    place = end
    inside = !inside
  }
  return segments
}

/** For each segment one of its part, the same for all of that part. */
function joinNeighbours(segments: readonly Segment[]): Int32Array {
  const parent = Int32Array.from(segments, (_, index) => index)
  const root = (index: number): number => {
    while (parent[index] !== index) index = parent[index] = parent[parent[index]!]!
    return index
  }
  let first = 0
  for (const [index, { column, top, bottom }] of segments.entries()) {
    const isPast = ({ column: other, bottom: end }: Segment): boolean =>
      other < column - 1 || (other === column - 1 && end < top)
    while (isPast(segments[first]!)) first++
    for (let other = first; segments[other]!.column < column && segments[other]!.top <= bottom; other++)
      parent[root(index)] = root(other)
  }
  return parent.map((_, index) => root(index))
}
