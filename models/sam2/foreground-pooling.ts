import type { Checkpoint } from '../checkpoint/checkpoint.ts'
import { GraphBuilder } from '../graph/graph-builder.ts'
import type { ModelConfiguration } from './configuration.ts'

/**
 * A weighted sum of the picture's features.
 *
 * Inputs: `weights` [1, n], `stride16` [n, d]. Output: `descriptor` [1, d].
 */
export function buildForegroundPooling(
  checkpoint: Checkpoint,
  { imageSize, dModel }: ModelConfiguration,
): Uint8Array {
  const g = new GraphBuilder('foreground-pooling', checkpoint)
  const cells = (imageSize / 16) ** 2
  const weights = g.input('weights', 'float32', [1, cells])
  const features = g.input('stride16', 'float32', [cells, dModel])
  g.output('descriptor', g.operator('MatMul', [weights, features]), [1, dModel])
  return g.build()
}

/** What is left of the picture is too little to tell a larger foreground from. */
const mostForeground = 0.9

/**
 * Weights that make of the picture's features what tells a mask's foreground from the picture: their mean in it less
 * their mean in all, [1, n]; null where there is no foreground, or hardly anything else. Within a video, what all features
 * have in common would make any two things alike.
 */
export function contrastWeights(maskLogits: Float32Array, imageSize: number): Float32Array | null {
  const foreground = maskLogits.reduce((cells, logit) => cells + (logit > 0 ? 1 : 0), 0)
  if (foreground > mostForeground * maskLogits.length) return null
  return foregroundWeights(maskLogits, imageSize)?.map((share, _, { length }) => share - 1 / length) ?? null
}

/**
 * Share of each cell of the picture's features in the foreground, [1, n], summing to 1; null where there is none.
 * @param maskLogits [S/4, S/4], 4 x 4 of them a cell
 */
export function foregroundWeights(maskLogits: Float32Array, imageSize: number): Float32Array | null {
  const side = imageSize / 16
  const weights = new Float32Array(side * side)
  let total = 0
  for (const [index, logit] of maskLogits.entries()) {
    if (logit <= 0) continue
    const column = (index % (side * 4)) >> 2
    const row = Math.floor(index / (side * 16))
    weights[row * side + column]!++
    total++
  }
  return total === 0 ? null : weights.map((weight) => weight / total)
}
