import type { BinaryMask } from './binary-mask.ts'

/** For every output place along one axis: the first input place it reads, how many, and their weights in a row. */
interface TriangleTaps {
  readonly first: Int32Array
  readonly count: Int32Array
  readonly weights: Float32Array
  /** Room for each output place in `weights`. */
  readonly stride: number
}

/** A triangle as wide as two input steps, or two output steps where these are longer, cut at the borders. */
function triangleTaps(inputLength: number, outputLength: number): TriangleTaps {
  const scale = Math.fround(inputLength / outputLength)
  const support = Math.max(1, scale)
  const inverse = scale >= 1 ? Math.fround(1 / scale) : 1
  const stride = Math.ceil(support) * 2 + 1
  const first = new Int32Array(outputLength)
  const count = new Int32Array(outputLength)
  const weights = new Float32Array(outputLength * stride)
  for (let i = 0; i < outputLength; i++) {
    const centre = Math.fround(scale * (i + 0.5))
    const begin = Math.max(Math.trunc(Math.fround(centre - support + 0.5)), 0)
    const end = Math.min(Math.trunc(Math.fround(centre + support + 0.5)), inputLength)
    let total = 0
    for (let j = begin; j < end; j++) {
      const distance = Math.abs(Math.fround(Math.fround(j - centre + 0.5) * inverse))
      const weight = distance < 1 ? Math.fround(1 - distance) : 0
      weights[i * stride + j - begin] = weight
      total = Math.fround(total + weight)
    }
    first[i] = begin
    count[i] = end - begin
    for (let k = i * stride; k < i * stride + end - begin; k++) weights[k]! /= total
  }
  return { first, count, weights, stride }
}

/**
 * Resizes a picture as PyTorch's `interpolate(mode='bilinear', align_corners=False, antialias=True)` does in float32:
 * first along the rows, then along the columns.
 * @param data row-major, height x width
 * @returns row-major, outputHeight x outputWidth
 */
export function resizeBilinearAntialiased(
  data: Float32Array | Uint8Array,
  width: number,
  height: number,
  outputWidth: number,
  outputHeight: number,
): Float32Array {
  if (data.length === 0 || data.length !== width * height) {
    throw new RangeError(`${data.length} values were given for ${width}x${height}`)
  }
  for (const side of [outputWidth, outputHeight]) {
    if (!Number.isInteger(side) || side < 1) throw new RangeError(`Cannot resize to a side of ${side}`)
  }
  const columns = triangleTaps(width, outputWidth)
  const rows = triangleTaps(height, outputHeight)

  const narrowed = new Float32Array(outputWidth * height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < outputWidth; x++) {
      let source = y * width + columns.first[x]!
      let tap = x * columns.stride
      const end = tap + columns.count[x]!
      let sum = 0
      while (tap < end) sum = Math.fround(sum + data[source++]! * columns.weights[tap++]!)
      narrowed[y * outputWidth + x] = sum
    }
  }
  const output = new Float32Array(outputWidth * outputHeight)
  for (let y = 0; y < outputHeight; y++) {
    const row = output.subarray(y * outputWidth, (y + 1) * outputWidth)
    for (let k = 0; k < rows.count[y]!; k++) {
      const weight = rows.weights[y * rows.stride + k]!
      const start = (rows.first[y]! + k) * outputWidth
      for (let x = 0; x < outputWidth; x++) row[x]! += narrowed[start + x]! * weight
    }
  }
  return output
}

/**
 * A mask as the fraction of foreground, 0 to 1, on a grid of another size. The model's mask prompt is this, at the
 * model's input size, where it reaches 0.5.
 */
export function resizeMaskAntialiased(
  mask: BinaryMask,
  outputWidth: number,
  outputHeight: number,
): Float32Array {
  return resizeBilinearAntialiased(mask.data, mask.widthPx, mask.heightPx, outputWidth, outputHeight)
}
