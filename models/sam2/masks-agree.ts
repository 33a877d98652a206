import { chooseMask, type MaskCandidates } from './mask-choice.ts'

/** Masks of two precisions agree when they share this much of what either covers. */
const leastIou = 0.98

/**
 * Whether two ways to compute the same gave the same mask: the one that would be chosen of the first, held against its
 * counterpart. Numbers that are not finite never agree.
 */
export function masksAgree(exact: MaskCandidates, other: MaskCandidates): boolean {
  if (![...other.ious, other.objectScore].every(Number.isFinite)) return false
  if (exact.objectScore > 0 !== other.objectScore > 0) return Math.abs(exact.objectScore) < 0.1
  const multimask = exact.firstToken === 1
  const chosen = chooseMask({ ...exact, objectScore: 1 }, multimask, new Float32Array(0))
  const counterpart = other.maskLogits[exact.maskLogits.indexOf(chosen.maskLogits)]!
  let shared = 0
  let covered = 0
  chosen.maskLogits.forEach((logit, index) => {
    const [inExact, inOther] = [logit > 0, counterpart[index]! > 0]
    if (inExact && inOther) shared++
    if (inExact || inOther) covered++
  })
  return covered === 0 || shared / covered >= leastIou
}
