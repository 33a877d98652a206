import type { MaskCandidates } from '../../../models/sam2/mask-choice.ts'

/** How fast a candidate's weight falls with its predicted IoU: e to the minus one for a tenth less than the best one's. */
const sharpness = 10

/**
 * The mean of the three multimask candidates, weighted by predicted IoU: each errs at other places, so that together they
 * are nearer to the object than the best one alone. Where one is much surer than the others it is that one.
 * @returns mask logits, [S/4, S/4]
 */
export function meanOfCandidates({ firstToken, maskLogits, ious }: MaskCandidates): Float32Array {
  const candidates = maskLogits.slice(1 - firstToken)
  const scores = ious.slice(1)
  const best = Math.max(...scores)
  const weights = scores.map((score) => Math.exp(sharpness * (score - best)))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const mean = new Float32Array(candidates[0]!.length)
  candidates.forEach((logits, candidate) => {
    const weight = weights[candidate]! / total
    for (let cell = 0; cell < mean.length; cell++) mean[cell]! += weight * logits[cell]!
  })
  return mean
}
