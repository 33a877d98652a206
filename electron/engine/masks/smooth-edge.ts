import type { BinaryMask } from './binary-mask.ts'

/** Up to here the sums below are whole numbers that a double holds exactly. */
const MAX_RADIUS_PX = 200

/**
 * Rounds off what sticks out of or cuts into an edge: three running sums over 2 * radius + 1 pixels in both
 * directions, close to a Gaussian of deviation `radiusPx`, and then what is at least half foreground. At the picture's
 * border the edge pixels are taken to go on.
 * @param radiusPx whole pixels, 0 to 200; 0 changes nothing
 */
export function smoothedEdge(mask: BinaryMask, radiusPx: number): BinaryMask {
  if (!Number.isInteger(radiusPx) || radiusPx < 0 || radiusPx > MAX_RADIUS_PX) {
    throw new RangeError(`An edge cannot be smoothed over ${radiusPx} pixels`)
  }
  const { widthPx, heightPx } = mask
  const along = new TripleBoxSum(Math.max(widthPx, heightPx), radiusPx)
  // Sums along the rows: at most 401^3, which fits.
  const rows = new Int32Array(widthPx * heightPx)
  for (let y = 0; y < heightPx; y++) {
    const row = mask.data.subarray(y * widthPx, (y + 1) * widthPx)
    if (!row.includes(1)) continue
    along.line.set(row)
    along.sum(widthPx)
    for (let x = 0; x < widthPx; x++) rows[y * widthPx + x] = along.line[x]!
  }
  const half = (2 * radiusPx + 1) ** 6 / 2
  const data = new Uint8Array(widthPx * heightPx)
  // A few columns at a time are turned into lines, so that memory is read in order.
  const block = new Int32Array(COLUMNS_AT_ONCE * heightPx)
  for (let left = 0; left < widthPx; left += COLUMNS_AT_ONCE) {
    const columns = Math.min(COLUMNS_AT_ONCE, widthPx - left)
    for (let y = 0; y < heightPx; y++) {
      for (let c = 0; c < columns; c++) block[c * heightPx + y] = rows[y * widthPx + left + c]!
    }
    for (let c = 0; c < columns; c++) {
      along.line.set(block.subarray(c * heightPx, (c + 1) * heightPx))
      along.sum(heightPx)
      for (let y = 0; y < heightPx; y++) block[c * heightPx + y] = along.line[y]! >= half ? 1 : 0
    }
    for (let y = 0; y < heightPx; y++) {
      for (let c = 0; c < columns; c++) data[y * widthPx + left + c] = block[c * heightPx + y]!
    }
  }
  return { widthPx, heightPx, data }
}

const COLUMNS_AT_ONCE = 16

/** Three running sums over 2 * radius + 1 values, one after the other, along one line whose ends go on. */
class TripleBoxSum {
  readonly line: Float64Array
  private readonly padded: Float64Array
  private readonly radius: number

  constructor(maxLength: number, radius: number) {
    this.line = new Float64Array(maxLength)
    this.padded = new Float64Array(maxLength + 2 * radius + 1)
    this.radius = radius
  }

  /** Replaces the first `length` values of `line` by their sums. */
  sum(length: number): void {
    const { line, padded, radius } = this
    const reach = 2 * radius + 1
    for (let pass = 0; pass < 3; pass++) {
      padded.fill(line[0]!, 0, radius)
      padded.set(line.subarray(0, length), radius)
      padded.fill(line[length - 1]!, radius + length, length + reach)
      let sum = 0
      for (let k = 0; k < reach; k++) sum += padded[k]!
      for (let i = 0; i < length; i++) {
        line[i] = sum
        sum += padded[i + reach]! - padded[i]!
      }
    }
  }
}
