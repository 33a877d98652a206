import type { ScoredMask } from '../tracking/tracker-protocol.ts'

/** What the model says of an object where it is known to be. */
export interface OwnScores {
  readonly predictedIou: number
  readonly objectScore: number
}

/**
 * How likely what was found on one frame is the object, 0 to 1, before the way back is known: predicted IoU and object
 * score as shares of the object's own, since what is high differs from model to model and from object to object.
 */
export function likeness(found: ScoredMask, own: OwnScores): number {
  if (found.objectScore <= 0) return 0
  return Math.sqrt(share(found.predictedIou, own.predictedIou) * share(found.objectScore, own.objectScore))
}

/**
 * Confidence that a hit is the object, 0 to 1: its likeness, and whether the way back leads to the object and to
 * nothing else.
 * @param agreement IoU on the way back to the examples, 0 to 1
 */
export function carryConfidence(found: ScoredMask, own: OwnScores, agreement: number): number {
  return Math.sqrt(likeness(found, own) * agreement)
}

function share(value: number, own: number): number {
  return Math.min(Math.max(value / Math.max(own, Number.EPSILON), 0), 1)
}
