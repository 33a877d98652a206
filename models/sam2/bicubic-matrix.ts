/**
 * The matrix [outputSize, inputSize] that resizes one axis as torch's bicubic interpolation does (a = -0.75,
 * align_corners=False, border repeated). Two of them resize a map exactly, and a graph folds them when it loads.
 */
export function bicubicMatrix(inputSize: number, outputSize: number): Float32Array {
  const matrix = new Float32Array(outputSize * inputSize)
  for (let output = 0; output < outputSize; output++) {
    const source = ((output + 0.5) * inputSize) / outputSize - 0.5
    const first = Math.floor(source)
    for (let tap = -1; tap <= 2; tap++) {
      const input = Math.min(Math.max(first + tap, 0), inputSize - 1)
      matrix[output * inputSize + input]! += cubicWeight(source - (first + tap))
    }
  }
  return matrix
}

function cubicWeight(distance: number): number {
  const a = -0.75
  const x = Math.abs(distance)
  if (x <= 1) return ((a + 2) * x - (a + 3)) * x * x + 1
  if (x < 2) return ((a * x - 5 * a) * x + 8 * a) * x - 4 * a
  return 0
}
