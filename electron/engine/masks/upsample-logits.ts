import { linearTaps } from './linear-taps.ts'

/**
 * Resizes mask logits as PyTorch's `interpolate(mode='bilinear', align_corners=False)` does in float32 on one channel:
 * weights of the four neighbours rounded to float32, their sum rounded once. (PyTorch's own kernels differ from each other in the
 * last bits.)
 * @param logits row-major, lowHeight x lowWidth
 * @returns row-major, heightPx x widthPx
 */
export function upsampleLogits(
  logits: Float32Array,
  lowWidth: number,
  lowHeight: number,
  widthPx: number,
  heightPx: number,
): Float32Array {
  checkLogits(logits, lowWidth, lowHeight)
  const columns = linearTaps(lowWidth, widthPx)
  const rows = linearTaps(lowHeight, heightPx)
  const output = new Float32Array(widthPx * heightPx)
  for (let y = 0; y < heightPx; y++) {
    const upper = rows.low[y]! * lowWidth
    const lower = rows.high[y]! * lowWidth
    const upperWeight = rows.lowWeight[y]!
    const lowerWeight = rows.highWeight[y]!
    const start = y * widthPx
    for (let x = 0; x < widthPx; x++) {
      const left = columns.low[x]!
      const right = columns.high[x]!
      const leftWeight = columns.lowWeight[x]!
      const rightWeight = columns.highWeight[x]!
      output[start + x] =
        Math.fround(upperWeight * leftWeight) * logits[upper + left]! +
        Math.fround(upperWeight * rightWeight) * logits[upper + right]! +
        Math.fround(lowerWeight * leftWeight) * logits[lower + left]! +
        Math.fround(lowerWeight * rightWeight) * logits[lower + right]!
    }
  }
  return output
}

export function checkLogits(logits: Float32Array, lowWidth: number, lowHeight: number): void {
  if (logits.length === 0 || logits.length !== lowWidth * lowHeight) {
    throw new RangeError(`${logits.length} logits were given for ${lowWidth}x${lowHeight}`)
  }
}
