import type { BinaryMask } from './binary-mask.ts'

/** The horizontal runs of one value in a mask, top to bottom and left to right. */
export interface RowRuns {
  readonly count: number
  /** First pixel of each run in its row, and the one after its last. */
  readonly begins: Int32Array
  readonly ends: Int32Array
  /** Where each row's runs begin in the lists; one entry more for the end. */
  readonly firstOfRow: Int32Array
}

/** Finds the runs of `value` row by row. */
export function rowRuns({ widthPx, heightPx, data }: BinaryMask, value: 0 | 1): RowRuns {
  let begins = new Int32Array(heightPx * 4)
  let ends = new Int32Array(heightPx * 4)
  const firstOfRow = new Int32Array(heightPx + 1)
  // No row has more runs than every other pixel, rounded up.
  const mostInRow = (widthPx + 1) >> 1
  let count = 0
  for (let y = 0; y < heightPx; y++) {
    firstOfRow[y] = count
    if (count + mostInRow > begins.length) {
      const room = Math.max(begins.length * 2, count + mostInRow)
      begins = copied(begins, room)
      ends = copied(ends, room)
    }
    const start = y * widthPx
    const end = start + widthPx
    let i = start
    for (;;) {
      while (i < end && data[i] !== value) i++
      if (i === end) break
      begins[count] = i - start
      while (i < end && data[i] === value) i++
      ends[count++] = i - start
    }
  }
  firstOfRow[heightPx] = count
  return { count, begins, ends, firstOfRow }
}

function copied(list: Int32Array<ArrayBuffer>, room: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(room)
  larger.set(list)
  return larger
}
