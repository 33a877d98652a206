import { noObjectLogit } from '../../../models/sam2/mask-choice.ts'
import type { RunLengthMask } from '../../contract/mask.ts'
import { maskFromLogits } from '../masks/mask-from-logits.ts'
import { emptyRunLength } from '../masks/run-length-mask.ts'
import { bulkOf } from '../masks/run-length-bulk.ts'
import { placedRunLength } from '../masks/run-length-crop.ts'
import type { PixelBox } from '../masks/run-length-measures.ts'
import type { FrameSize } from './follow-zoom.ts'

/** Rows of numbers turned round, as a picture in a mirror. */
export function mirroredRows(values: Float32Array, widthPx: number): Float32Array {
  return values.map((_, index) => values[index + widthPx - 1 - 2 * (index % widthPx)]!)
}

/** A record's logits with where in the frame they were found. */
export interface SeenLogits {
  readonly maskLogits: Float32Array
  readonly view: PixelBox | null
}

/**
 * The foreground of a record's logits at source size (`_get_orig_video_res_output`, threshold 0); what was seen in a
 * view is put back at its place, to the pixel.
 */
export function maskInFrame(
  { maskLogits, view }: SeenLogits,
  maskSize: number,
  frame: FrameSize,
): RunLengthMask {
  if (maskLogits[0] === noObjectLogit) return emptyRunLength(frame.heightPx, frame.widthPx)
  if (view === null) return maskFromLogits(maskLogits, maskSize, maskSize, frame.widthPx, frame.heightPx)
  const part = maskFromLogits(maskLogits, maskSize, maskSize, view.widthPx, view.heightPx)
  return placedRunLength(part, view, frame.heightPx, frame.widthPx)
}

/** Foreground of a record as it lies in a view of the frame (null: all of it), 1 or 0, [S/4, S/4], by the nearest cell. */
export function foregroundInView(
  { maskLogits, view: seenIn }: SeenLogits,
  view: PixelBox | null,
  maskSize: number,
  frame: FrameSize,
): Uint8Array {
  const whole = { leftPx: 0, topPx: 0, ...frame }
  const from = seenIn ?? whole
  const to = view ?? whole
  const columns = cellsAlong([to.leftPx, to.widthPx], [from.leftPx, from.widthPx], maskSize)
  const rows = cellsAlong([to.topPx, to.heightPx], [from.topPx, from.heightPx], maskSize)
  const foreground = new Uint8Array(maskSize * maskSize)
  for (const [y, row] of rows.entries()) {
    if (row < 0) continue
    for (const [x, column] of columns.entries())
      if (column >= 0 && maskLogits[row * maskSize + column]! > 0) foreground[y * maskSize + x] = 1
  }
  return foreground
}

/** For each cell of one stretch, as start and length, the cell of another that holds its middle; -1 for none. */
function cellsAlong(
  [startPx, lengthPx]: readonly [number, number],
  [fromStartPx, fromLengthPx]: readonly [number, number],
  count: number,
): Int32Array {
  return new Int32Array(count).map((_, cell) => {
    const placePx = startPx + ((cell + 0.5) * lengthPx) / count
    const found = Math.floor(((placePx - fromStartPx) * count) / fromLengthPx)
    return found >= 0 && found < count ? found : -1
  })
}

/** Foreground of a record's logits in source pixels, as a number alone: cells times what a cell covers. */
export function areaInFrame({ maskLogits, view }: SeenLogits, frame: FrameSize): number {
  let cells = 0
  for (const logit of maskLogits) if (logit > 0) cells++
  const { widthPx, heightPx } = view ?? frame
  return (cells * widthPx * heightPx) / maskLogits.length
}

/** Share of the mask that may lie outside its box on each side: crumbs far off say nothing of where the object is. */
export const crumbs = 0.01

/** Box of nearly all positive logits in source pixels, outward to whole ones; null where there are none. */
export function boxInFrame(
  { maskLogits, view }: SeenLogits,
  maskSize: number,
  frame: FrameSize,
): PixelBox | null {
  const columns = new Uint32Array(maskSize)
  const rows = new Uint32Array(maskSize)
  let area = 0
  for (let cell = 0; cell < maskLogits.length; cell++) {
    if (maskLogits[cell]! <= 0) continue
    const x = cell % maskSize
    columns[x]!++
    rows[(cell - x) / maskSize]!++
    area++
  }
  if (area === 0) return null
  const seen = view ?? { leftPx: 0, topPx: 0, ...frame }
  const across = bulkOf(columns, area * crumbs)
  const down = bulkOf(rows, area * crumbs)
  const columnPx = seen.widthPx / maskSize
  const rowPx = seen.heightPx / maskSize
  const leftPx = Math.floor(seen.leftPx + across.first * columnPx)
  const topPx = Math.floor(seen.topPx + down.first * rowPx)
  return {
    leftPx,
    topPx,
    widthPx: Math.ceil(seen.leftPx + (across.last + 1) * columnPx) - leftPx,
    heightPx: Math.ceil(seen.topPx + (down.last + 1) * rowPx) - topPx,
  }
}
