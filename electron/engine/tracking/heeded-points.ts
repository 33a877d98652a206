import type { PointInputs } from './object-track.ts'

/** So much of what stood must stay where a click asks for more of it, or be what is left where it asks for less. */
const keptShare = 0.8
/** A click that takes something away leaves at least so much. */
const leastLeft = 0.3

/**
 * Whether a mask holds the points that ask for the object and none of those that ask for the background.
 * @param logits [s, s]
 * @param inputs points in pixels of the model's picture, of side `modelSizePx`; corners of a box are passed over
 */
export function heedsPoints(
  logits: Float32Array,
  maskSize: number,
  { coordinates, labels }: PointInputs,
  modelSizePx: number,
): boolean {
  const cell = (valuePx: number): number =>
    Math.min(Math.max(Math.floor((valuePx * maskSize) / modelSizePx), 0), maskSize - 1)
  return labels.every((label, index) => {
    if (label !== 0 && label !== 1) return true
    const at = cell(coordinates[2 * index + 1]!) * maskSize + cell(coordinates[2 * index]!)
    return logits[at]! > 0 === (label === 1)
  })
}

/** Whether a mask goes on from the one before as a click asks: more of the object for label 1, less of it for 0. */
export function goesOnFrom(before: Float32Array, logits: Float32Array, label: 0 | 1): boolean {
  let inBoth = 0
  let inBefore = 0
  let inNow = 0
  for (const [cell, logit] of logits.entries()) {
    const wasIn = before[cell]! > 0
    if (wasIn) inBefore++
    if (logit > 0) inNow++
    if (wasIn && logit > 0) inBoth++
  }
  if (label === 1) return inBoth >= keptShare * inBefore
  return inBoth >= keptShare * inNow && inNow >= leastLeft * inBefore
}
