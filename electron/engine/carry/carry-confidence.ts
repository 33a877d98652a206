import type { OwnScores, SoughtMask } from '../tracking/tracker-protocol.ts'

/** Other things are mostly below the first, the same thing in another shot mostly above the second. */
const unlikeBelow = 0.8
const alikeFrom = 0.97

/**
 * How likely what was found on one frame is the object, 0 to 1, before the way back is known. How much it looks like it
 * weighs most: predicted IoU and presence score of a small model are high for anything that stands out. They count as
 * shares of the object's own, since what is high differs from model to model and from object to object.
 */
export function likeness(found: SoughtMask, own: OwnScores): number {
  return resemblance(found) * geometricMean(scoreShares(found, own))
}

/**
 * Confidence that a hit is the object, 0 to 1: as `likeness`, with whether the way back leads to the object and to
 * nothing else.
 * @param agreement IoU on the way back to the examples, 0 to 1
 */
export function carryConfidence(found: SoughtMask, own: OwnScores, agreement: number): number {
  return resemblance(found) * geometricMean([...scoreShares(found, own), share(agreement, own.agreement)])
}

function resemblance({ similarity }: SoughtMask): number {
  return unit((similarity - unlikeBelow) / (alikeFrom - unlikeBelow))
}

function scoreShares(found: SoughtMask, own: OwnScores): number[] {
  return [share(found.predictedIou, own.predictedIou), share(found.objectScore, own.objectScore)]
}

/** A value as a share of what it usually is. A presence score is a logit: below 0 the object is absent. */
function share(value: number, usual: number): number {
  return unit(value / Math.max(usual, Number.EPSILON))
}

function geometricMean(values: readonly number[]): number {
  return values.reduce((product, value) => product * value, 1) ** (1 / values.length)
}

function unit(value: number): number {
  return Math.min(Math.max(value, 0), 1)
}
