/**
 * Along one axis, for every output place: the two input places it lies between and their weights, which add up to 1.
 * Clamping and float32 rounding as PyTorch's `interpolate(mode='bilinear', align_corners=False)` has them.
 */
export interface LinearTaps {
  readonly low: Int32Array
  readonly high: Int32Array
  readonly lowWeight: Float32Array
  readonly highWeight: Float32Array
}

export function linearTaps(inputLength: number, outputLength: number): LinearTaps {
  if (!Number.isInteger(outputLength) || outputLength < 1) {
    throw new RangeError(`Cannot resize to a side of ${outputLength}`)
  }
  const taps: LinearTaps = {
    low: new Int32Array(outputLength),
    high: new Int32Array(outputLength),
    lowWeight: new Float32Array(outputLength),
    highWeight: new Float32Array(outputLength),
  }
  const scale = Math.fround(inputLength / outputLength)
  for (let i = 0; i < outputLength; i++) {
    const source = Math.max(0, scale * (i + 0.5) - 0.5)
    const low = Math.min(Math.floor(source), inputLength - 1)
    const highWeight = Math.fround(Math.min(source - low, 1))
    taps.low[i] = low
    taps.high[i] = Math.min(low + 1, inputLength - 1)
    taps.highWeight[i] = highWeight
    taps.lowWeight[i] = 1 - highWeight
  }
  return taps
}
