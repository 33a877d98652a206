import type { RunLengthMask } from '../../contract/mask.ts'
import { linearTaps } from './linear-taps.ts'
import { runLengthFromCounts } from './run-length-mask.ts'
import { checkLogits } from './upsample-logits.ts'

/**
 * The mask of low-resolution logits at source size: `upsampleLogits(...) > 0` pixel for pixel, encoded without ever
 * making the full-size picture. Between four input logits of one sign every pixel has that sign; arithmetic is left
 * only along the outline.
 * @param logits row-major, lowHeight x lowWidth
 */
export function maskFromLogits(
  logits: Float32Array,
  lowWidth: number,
  lowHeight: number,
  widthPx: number,
  heightPx: number,
): RunLengthMask {
  checkLogits(logits, lowWidth, lowHeight)
  const columns = linearTaps(lowWidth, widthPx)
  const rows = linearTaps(lowHeight, heightPx)
  const firstRows = firstOutputRows(rows.low, lowHeight)
  const stretches = new Stretches(logits, lowWidth, lowHeight)

  let counts = new Uint32Array(4096)
  let runs = 1
  let runStart = 0
  for (let x = 0; x < widthPx; x++) {
    const left = columns.low[x]!
    const right = columns.high[x]!
    stretches.lookAt(left, right)
    const leftWeight = columns.lowWeight[x]!
    const rightWeight = columns.highWeight[x]!
    const top = x * heightPx
    if (runs + heightPx >= counts.length) counts = enlarged(counts, runs + heightPx + 1)

    for (let s = 0; s < stretches.count; s++) {
      const kind = stretches.kinds[s]!
      const begin = firstRows[stretches.begins[s]!]!
      const end = firstRows[stretches.begins[s + 1]!]!
      if (begin === end) continue
      // The run being counted has the value of its place in the list; a pixel of the other value closes it.
      if (kind !== MIXED) {
        if (kind === (runs & 1)) {
          counts[runs - 1] = top + begin - runStart
          runStart = top + begin
          runs++
        }
        continue
      }
      for (let y = begin; y < end; y++) {
        const upper = rows.low[y]! * lowWidth
        const lower = rows.high[y]! * lowWidth
        const upperWeight = rows.lowWeight[y]!
        const lowerWeight = rows.highWeight[y]!
        const logit =
          Math.fround(upperWeight * leftWeight) * logits[upper + left]! +
          Math.fround(upperWeight * rightWeight) * logits[upper + right]! +
          Math.fround(lowerWeight * leftWeight) * logits[lower + left]! +
          Math.fround(lowerWeight * rightWeight) * logits[lower + right]!
        if ((Math.fround(logit) > 0 ? 1 : 0) === (runs & 1)) {
          counts[runs - 1] = top + y - runStart
          runStart = top + y
          runs++
        }
      }
    }
  }
  counts[runs - 1] = widthPx * heightPx - runStart
  return runLengthFromCounts(counts.subarray(0, runs), heightPx, widthPx)
}

const BACKGROUND = 0
const FOREGROUND = 1
const MIXED = 2

/** Below this a weighted logit could vanish in float32 and lose its sign. */
const SURELY_POSITIVE = 1e-20

/** Between two input columns: the stretches of input rows whose four corners are of one sign, or of several. */
class Stretches {
  readonly kinds: Uint8Array
  /** First input row of each stretch, and one entry more for the end. */
  readonly begins: Int32Array
  count = 0

  private readonly logits: Float32Array
  private readonly lowWidth: number
  private readonly lowHeight: number
  private left = -1
  private right = -1

  constructor(logits: Float32Array, lowWidth: number, lowHeight: number) {
    this.logits = logits
    this.lowWidth = lowWidth
    this.lowHeight = lowHeight
    this.kinds = new Uint8Array(lowHeight)
    this.begins = new Int32Array(lowHeight + 1)
  }

  lookAt(left: number, right: number): void {
    if (left === this.left && right === this.right) return
    this.left = left
    this.right = right
    this.count = 0
    let upper = this.kindOfRow(0)
    for (let row = 0; row < this.lowHeight; row++) {
      // Below the last input row its value goes on.
      const lower = row + 1 < this.lowHeight ? this.kindOfRow(row + 1) : upper
      const kind = upper === lower ? upper : MIXED
      if (this.count === 0 || this.kinds[this.count - 1] !== kind) {
        this.kinds[this.count] = kind
        this.begins[this.count++] = row
      }
      upper = lower
    }
    this.begins[this.count] = this.lowHeight
  }

  private kindOfRow(row: number): number {
    const a = this.logits[row * this.lowWidth + this.left]!
    const b = this.logits[row * this.lowWidth + this.right]!
    if (a <= 0 && b <= 0) return BACKGROUND
    return a > SURELY_POSITIVE && b > SURELY_POSITIVE ? FOREGROUND : MIXED
  }
}

/** For each input row, the first output row that lies between it and the next one; one entry more for the end. */
function firstOutputRows(low: Int32Array, lowHeight: number): Int32Array {
  const first = new Int32Array(lowHeight + 1).fill(low.length)
  for (let y = low.length - 1; y >= 0; y--) first[low[y]!] = y
  for (let row = lowHeight - 1; row >= 0; row--) first[row] = Math.min(first[row]!, first[row + 1]!)
  return first
}

function enlarged(counts: Uint32Array<ArrayBuffer>, atLeast: number): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(Math.max(counts.length * 2, atLeast))
  larger.set(counts)
  return larger
}
