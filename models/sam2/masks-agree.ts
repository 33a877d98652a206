import { areFinite } from '../runtime/finite.ts'
import { chooseMask, type ChosenMask, type MaskCandidates } from './mask-choice.ts'

/** Masks of two precisions agree when they share this much of what either covers. */
const leastIou = 0.98
/** Object scores on both sides of 0 that are no further apart say only that it is a close call. */
const closeScores = 0.1

/** What two ways to compute the same came to; `undecided` where neither shows a mask to tell by. */
export type Agreement = 'agree' | 'differ' | 'undecided'

/**
 * Whether two ways to compute the same lead to the same mask: what each would choose, held against each other. Numbers
 * that are not finite differ from any. Where the object is a close call, or both masks are empty, nothing is proved.
 */
export function masksAgree(exact: MaskCandidates, other: MaskCandidates): Agreement {
  if (!isFinite(exact) || !isFinite(other)) return 'differ'
  if (exact.objectScore > 0 !== other.objectScore > 0)
    return Math.abs(exact.objectScore - other.objectScore) < closeScores ? 'undecided' : 'differ'
  const [expected, found] = [chosenOf(exact).maskLogits, chosenOf(other).maskLogits]
  let shared = 0
  let covered = 0
  expected.forEach((logit, index) => {
    const [inExpected, inFound] = [logit > 0, found[index]! > 0]
    if (inExpected && inFound) shared++
    if (inExpected || inFound) covered++
  })
  if (covered === 0) return 'undecided'
  return shared / covered >= leastIou ? 'agree' : 'differ'
}

/** The mask that would be chosen if the object is there: what lies beneath says more than that it is absent. */
function chosenOf(candidates: MaskCandidates): ChosenMask {
  return chooseMask({ ...candidates, objectScore: 1 }, candidates.firstToken === 1, new Float32Array(0))
}

function isFinite({ ious, objectScore, maskLogits, pointers }: MaskCandidates): boolean {
  return Number.isFinite(objectScore) && [ious, ...maskLogits, ...pointers].every(areFinite)
}
