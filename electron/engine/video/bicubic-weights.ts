/** Pillow: 32 bits, less 8 for the pixel and 2 for overshoot and sign. */
const precisionBits = 32 - 8 - 2
/** Cubic convolution with a = -0.5 reaches two pixels to either side. */
const filterReach = 2
const keptAxes = 16

/** For each output position: the first input position, how many are weighed, and room for `taps` fixed-point weights. */
export interface AxisWeights {
  readonly taps: number
  readonly starts: Int32Array
  readonly counts: Int32Array
  /** With 22 bits behind the point. */
  readonly weights: Int32Array
}

const axes = new Map<string, AxisWeights>()

/** What each of `outSize` positions takes of `size`; those of the last sizes are kept. */
export function axisWeights(size: number, outSize: number): AxisWeights {
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
