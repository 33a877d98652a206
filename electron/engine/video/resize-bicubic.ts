/**
 * Pillow's resize with Resampling.BICUBIC on 8-bit RGB, to the byte: the official loader brings frames to the model's
 * size with it. The filter widens when it shrinks a picture (antialiasing), rows first, then columns, each pass in
 * fixed point and rounded to 8 bits.
 */

/** Pillow: 32 bits, less 8 for the pixel and 2 for overshoot and sign. */
const precisionBits = 32 - 8 - 2
const half = 1 << (precisionBits - 1)
/** Cubic convolution with a = -0.5 reaches two pixels to either side. */
const filterReach = 2
const keptAxes = 16

/** For each output position: the first input position, how many are weighed, and room for `taps` fixed-point weights. */
interface AxisWeights {
  readonly taps: number
  readonly starts: Int32Array
  readonly counts: Int32Array
  readonly weights: Int32Array
}

const axes = new Map<string, AxisWeights>()
/** Rows after the first pass; kept so that a film's frames do not each allocate one. */
let between = new Uint8Array(0)

/**
 * Resizes a row-major RGB picture, 3 bytes a pixel. The answer is a new array, also when the size stays.
 * @param rgb heightPx * widthPx * 3 bytes
 * @returns outHeightPx * outWidthPx * 3 bytes
 * @throws RangeError when a size is not a positive whole number or does not fit the pixels
 */
export function resizeBicubic(
  rgb: Uint8Array,
  widthPx: number,
  heightPx: number,
  outWidthPx: number,
  outHeightPx: number,
): Uint8Array {
  for (const size of [widthPx, heightPx, outWidthPx, outHeightPx]) {
    if (!Number.isInteger(size) || size < 1)
      throw new RangeError(`A picture cannot be ${size} pixels wide or high.`)
  }
  if (rgb.length !== widthPx * heightPx * 3) {
    throw new RangeError(`${rgb.length} bytes are no RGB picture of ${widthPx} x ${heightPx} pixels.`)
  }
  const isWide = outWidthPx !== widthPx
  const isHigh = outHeightPx !== heightPx
  if (!isWide && !isHigh) return rgb.slice()
  if (!isHigh)
    return resizeRows(rgb, widthPx, heightPx, outWidthPx, new Uint8Array(outWidthPx * heightPx * 3))
  const result = new Uint8Array(outWidthPx * outHeightPx * 3)
  if (!isWide) return resizeColumns(rgb, widthPx, heightPx, outHeightPx, result)
  const size = outWidthPx * heightPx * 3
  if (between.length < size) between = new Uint8Array(size)
  return resizeColumns(
    resizeRows(rgb, widthPx, heightPx, outWidthPx, between),
    outWidthPx,
    heightPx,
    outHeightPx,
    result,
  )
}

function resizeRows(
  source: Uint8Array,
  widthPx: number,
  heightPx: number,
  outWidthPx: number,
  target: Uint8Array,
): Uint8Array {
  const { taps, starts, counts, weights } = axisWeights(widthPx, outWidthPx)
  let to = 0
  for (let y = 0; y < heightPx; y++) {
    const row = y * widthPx * 3
    for (let x = 0; x < outWidthPx; x++) {
      let red = half
      let green = half
      let blue = half
      let from = row + starts[x]! * 3
      const end = x * taps + counts[x]!
      for (let tap = x * taps; tap < end; tap++) {
        const weight = weights[tap]!
        red = (red + Math.imul(source[from]!, weight)) | 0
        green = (green + Math.imul(source[from + 1]!, weight)) | 0
        blue = (blue + Math.imul(source[from + 2]!, weight)) | 0
        from += 3
      }
      target[to] = clampToByte(red >> precisionBits)
      target[to + 1] = clampToByte(green >> precisionBits)
      target[to + 2] = clampToByte(blue >> precisionBits)
      to += 3
    }
  }
  return target
}

/** Whole rows at a time, four of them in one go, so that memory is walked in order and seldom. */
function resizeColumns(
  source: Uint8Array,
  widthPx: number,
  heightPx: number,
  outHeightPx: number,
  target: Uint8Array,
): Uint8Array {
  const { taps, starts, counts, weights } = axisWeights(heightPx, outHeightPx)
  const rowBytes = widthPx * 3
  const sums = new Int32Array(rowBytes)
  for (let y = 0; y < outHeightPx; y++) {
    sums.fill(half)
    const firstRow = starts[y]! * rowBytes
    const count = counts[y]!
    let tap = 0
    for (; tap + 4 <= count; tap += 4) {
      const w0 = weights[y * taps + tap]!
      const w1 = weights[y * taps + tap + 1]!
      const w2 = weights[y * taps + tap + 2]!
      const w3 = weights[y * taps + tap + 3]!
      const r0 = firstRow + tap * rowBytes
      const r1 = r0 + rowBytes
      const r2 = r1 + rowBytes
      const r3 = r2 + rowBytes
      for (let i = 0; i < rowBytes; i++) {
        sums[i] =
          sums[i]! +
          Math.imul(source[r0 + i]!, w0) +
          Math.imul(source[r1 + i]!, w1) +
          Math.imul(source[r2 + i]!, w2) +
          Math.imul(source[r3 + i]!, w3)
      }
    }
    for (; tap < count; tap++) {
      const weight = weights[y * taps + tap]!
      const row = firstRow + tap * rowBytes
      for (let i = 0; i < rowBytes; i++) sums[i] = sums[i]! + Math.imul(source[row + i]!, weight)
    }
    const to = y * rowBytes
    for (let i = 0; i < rowBytes; i++) target[to + i] = clampToByte(sums[i]! >> precisionBits)
  }
  return target
}

function clampToByte(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : value
}

function axisWeights(size: number, outSize: number): AxisWeights {
  const key = `${size}:${outSize}`
  let axis = axes.get(key)
  if (axis === undefined) {
    axis = computeAxisWeights(size, outSize)
    axes.set(key, axis)
    for (const oldest of axes.keys()) {
      if (axes.size <= keptAxes) break
      axes.delete(oldest)
    }
  }
  return axis
}

function computeAxisWeights(size: number, outSize: number): AxisWeights {
  const scale = size / outSize
  const filterScale = Math.max(scale, 1)
  const support = filterReach * filterScale
  const taps = Math.ceil(support) * 2 + 1
  const starts = new Int32Array(outSize)
  const counts = new Int32Array(outSize)
  const weights = new Int32Array(outSize * taps)
  const exact = new Float64Array(taps)
  for (let out = 0; out < outSize; out++) {
    const center = (out + 0.5) * scale
    const start = Math.max(Math.trunc(center - support + 0.5), 0)
    const count = Math.min(Math.trunc(center + support + 0.5), size) - start
    let sum = 0
    // 1 / scale first, then the product: the order decides the last bit.
    const perPixel = 1 / filterScale
    for (let tap = 0; tap < count; tap++) {
      const weight = cubic((tap + start - center + 0.5) * perPixel)
      exact[tap] = weight
      sum += weight
    }
    starts[out] = start
    counts[out] = count
    for (let tap = 0; tap < count; tap++) {
      const weight = (sum === 0 ? exact[tap]! : exact[tap]! / sum) * (1 << precisionBits)
      weights[out * taps + tap] = Math.trunc(weight < 0 ? weight - 0.5 : weight + 0.5)
    }
  }
  return { taps, starts, counts, weights }
}

function cubic(position: number): number {
  const a = -0.5
  const x = Math.abs(position)
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1
  if (x < 2) return (((x - 5) * x + 8) * x - 4) * a
  return 0
}
