import type { MaskCandidates } from '../../../models/sam2/mask-choice.ts'
import { foregroundIou } from './foreground-iou.ts'

/** How fast a candidate's weight falls with its predicted IoU: e to the minus one for a tenth less than the best one's. */
const sharpness = 10
/** IoU from which two candidates mean the same thing. */
const agreesFrom = 0.5

/**
 * The mean of the three multimask candidates, weighted by predicted IoU: each errs at other places, so that together they
 * are nearer to the object than the best one alone. Where one is much surer than the others it is that one.
 * @returns mask logits, [S/4, S/4]
 */
export function meanOfCandidates({ firstToken, maskLogits, ious }: MaskCandidates): Float32Array {
  return weightedMean(maskLogits.slice(1 - firstToken), ious.slice(1))
}

/**
 * Candidates for a single point, which may mean a part as well as the whole: the best one becomes the mean of those that
 * agree with it on what is meant.
 */
export function steadied(candidates: MaskCandidates): MaskCandidates {
  const { firstToken, maskLogits, ious } = candidates
  const scores = ious.slice(1)
  const best = scores.indexOf(Math.max(...scores)) + 1 - firstToken
  const agreeing = [0, 1, 2].filter(
    (place) => foregroundIou(maskLogits[place + 1 - firstToken]!, maskLogits[best]!) >= agreesFrom,
  )
  if (agreeing.length < 2) return candidates
  const mean = weightedMean(
    agreeing.map((place) => maskLogits[place + 1 - firstToken]!),
    Float32Array.from(agreeing, (place) => scores[place]!),
  )
  return { ...candidates, maskLogits: maskLogits.with(best, mean) }
}

function weightedMean(candidates: readonly Float32Array[], ious: Float32Array): Float32Array {
  const best = Math.max(...ious)
  const weights = ious.map((iou) => Math.exp(sharpness * (iou - best)))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const mean = new Float32Array(candidates[0]!.length)
  candidates.forEach((logits, candidate) => {
    const weight = weights[candidate]! / total
    for (let cell = 0; cell < mean.length; cell++) mean[cell]! += weight * logits[cell]!
  })
  return mean
}
