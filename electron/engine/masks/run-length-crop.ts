import type { RunLengthMask } from '../../contract/mask.ts'
import { runLengthCounts, runLengthFromCounts } from './run-length-mask.ts'
import type { PixelBox } from './run-length-measures.ts'

/** The part of a mask inside a box, without decoding the rest. */
export function croppedRunLength(mask: RunLengthMask, box: PixelBox): RunLengthMask {
  const runs = new RunWriter(box.heightPx, box.widthPx)
  const bottom = box.topPx + box.heightPx
  visitColumnRuns(mask, (column, first, end) => {
    const x = column - box.leftPx
    const top = Math.max(first, box.topPx) - box.topPx
    const length = Math.min(end, bottom) - box.topPx - top
    if (x >= 0 && x < box.widthPx && length > 0) runs.add(x * box.heightPx + top, length)
  })
  return runs.mask()
}

/** A part put back at its place in an otherwise empty mask. */
export function placedRunLength(
  part: RunLengthMask,
  { leftPx, topPx }: PixelBox,
  heightPx: number,
  widthPx: number,
): RunLengthMask {
  const runs = new RunWriter(heightPx, widthPx)
  visitColumnRuns(part, (column, first, end) => {
    runs.add((leftPx + column) * heightPx + topPx + first, end - first)
  })
  return runs.mask()
}

/** Visits the foreground column by column: rows `first` to before `end`, in order. */
export function visitColumnRuns(
  mask: RunLengthMask,
  visit: (column: number, first: number, end: number) => void,
): void {
  const heightPx = mask.size[0]
  const counts = runLengthCounts(mask)
  let position = 0
  for (let i = 0; i + 1 < counts.length; i += 2) {
    position += counts[i]!
    for (let left = counts[i + 1]!; left > 0;) {
      const column = Math.floor(position / heightPx)
      const row = position - column * heightPx
      const length = Math.min(left, heightPx - row)
      visit(column, row, row + length)
      position += length
      left -= length
    }
  }
}

/** Gathers foreground runs in column-major order; those that touch become one. */
export class RunWriter {
  readonly #heightPx: number
  readonly #widthPx: number
  readonly #counts: number[] = []
  #end = 0

  constructor(heightPx: number, widthPx: number) {
    this.#heightPx = heightPx
    this.#widthPx = widthPx
  }

  add(begin: number, length: number): void {
    this.#counts.push(begin - this.#end, length)
    this.#end = begin + length
  }

  mask(): RunLengthMask {
    const rest = this.#heightPx * this.#widthPx - this.#end
    this.#counts.push(rest)
    return runLengthFromCounts(this.#counts, this.#heightPx, this.#widthPx)
  }
}
