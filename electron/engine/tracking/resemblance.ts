import type { FrameRecord } from './frame-record.ts'

/**
 * How much something looks like the object, -1 to 1: the cosine to the likest of the frames that show it; null where
 * nothing is known of how they look.
 * @param appearance `describeForeground` of what was found, [d]
 */
export function resemblance(appearance: Float32Array, examples: Iterable<FrameRecord>): number | null {
  let likest: number | null = null
  for (const example of examples) {
    if (!example.isExample || example.appearance === null) continue
    likest = Math.max(likest ?? -1, cosine(appearance, example.appearance))
  }
  return likest
}

/** Cosine of the angle between two vectors, -1 to 1. */
export function cosine(first: Float32Array, second: Float32Array): number {
  let product = 0
  let firstSquare = 0
  let secondSquare = 0
  for (const [channel, value] of first.entries()) {
    product += value * second[channel]!
    firstSquare += value ** 2
    secondSquare += second[channel]! ** 2
  }
  return product / Math.max(Math.sqrt(firstSquare * secondSquare), Number.EPSILON)
}
