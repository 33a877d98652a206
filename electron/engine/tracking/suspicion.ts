import type { RunLengthMask } from '../../contract/mask.ts'
import type { MaskScores, SuspectReason } from '../../contract/tracking.ts'
import { runLengthArea, runLengthCentroid } from '../masks/run-length-measures.ts'
import { runLengthIou } from '../masks/run-length-sets.ts'
import { RecentValues } from './recent-values.ts'
import type { ScoredMask } from './tracker-protocol.ts'

type ModelScores = Pick<ScoredMask, 'objectScore' | 'predictedIou' | 'stability'>

/** A reason counts as one from here on, and alone makes a frame suspect as the settings have it at first. */
const REASON_FROM = 0.5
/** How fast continuity and the usual quality follow. */
const followed = 0.3
/** Steps of an object that are told apart from its own: its recent ones, and at least so much of a difference. */
const leastGrowthSpread = 0.15
const leastMoveSpread = 0.1

/**
 * Follows one object through one walk and says how far each of its masks is to be mistrusted, 0 to 1, and why.
 *
 * Quality is what the model says of its mask (predicted IoU), how little the mask hangs on its threshold (stability),
 * and how well it goes on from the one before (IoU, smoothed); each of them is weak alone, on small models most of all.
 * Their product, and once more by how far it is below the best that the same track has had, is what a mask is trusted.
 */
export class SuspicionJudge {
  readonly #growths = new RecentValues(leastGrowthSpread)
  readonly #moves = new RecentValues(leastMoveSpread)
  #before: RunLengthMask | null = null
  #continuity: number | null = null
  #quality: number | null = null
  #best = 0

  /** The object's mask on a frame that stands for itself: the next one goes on from it. */
  follow(mask: RunLengthMask | null): void {
    this.#before = mask
    this.#continuity = null
  }

  /** @param other the mask that the walk in the other direction has there; null without one */
  judge(found: ScoredMask, other: RunLengthMask | null = null): MaskScores {
    const area = runLengthArea(found.mask)
    const strengths = new Map<SuspectReason, number>()
    const overlap = this.#before === null ? null : runLengthIou(found.mask, this.#before, 1)
    if (area > 0 && this.#before !== null) this.#judgeStep(found.mask, this.#before, strengths)
    if (other !== null) strengths.set('directionsDisagree', 1 - runLengthIou(found.mask, other, 1))
    const doubt = area > 0 ? this.#doubt(found, overlap, strengths) : unsureAbsence(found)
    if (area === 0) strengths.set('lowObjectScore', doubt)
    this.#before = found.mask
    return {
      ...modelScoresOf(found),
      suspicion: Math.max(doubt, strengths.get('directionsDisagree') ?? 0),
      suspectReasons: [...strengths].flatMap(([reason, strength]) =>
        strength >= REASON_FROM ? [reason] : [],
      ),
    }
  }

  #doubt(found: ModelScores, overlap: number | null, strengths: Map<SuspectReason, number>): number {
    const { predictedIou, stability } = found
    if (overlap !== null) this.#continuity = smoothed(this.#continuity, overlap)
    const quality = predictedIou * stability * (this.#continuity ?? 1)
    this.#quality = smoothed(this.#quality, quality)
    this.#best = Math.max(this.#best, this.#quality)
    const drop = Math.min(quality / Math.max(this.#best, Number.EPSILON), 1)
    const doubt = unit(1 - quality * Math.sqrt(drop))
    if (doubt < REASON_FROM) return doubt
    // The weaker of the two is named in any case: a person is told why to look.
    const isLow = predictedIou <= stability
    strengths.set('lowPredictedIou', Math.max(ramp(predictedIou, 0.85, 0.55), isLow ? REASON_FROM : 0))
    strengths.set('unstable', Math.max(ramp(stability, 0.9, 0.6), isLow ? 0 : REASON_FROM))
    return doubt
  }

  /** Jumps in area and place, as deviations from the object's own steps. */
  #judgeStep(mask: RunLengthMask, before: RunLengthMask, strengths: Map<SuspectReason, number>): void {
    const area = runLengthArea(mask)
    const areaBefore = runLengthArea(before)
    const centroid = runLengthCentroid(mask)
    const centroidBefore = runLengthCentroid(before)
    if (areaBefore === 0 || centroid === null || centroidBefore === null) return
    const growth = Math.log2(area / areaBefore)
    const distance = Math.hypot(centroid.x - centroidBefore.x, centroid.y - centroidBefore.y)
    const move = distance / Math.sqrt(Math.max(area, areaBefore))
    strengths.set('areaJump', ramp(Math.abs(this.#growths.deviation(growth)), 2, 6))
    strengths.set('centroidJump', ramp(Math.abs(this.#moves.deviation(move)), 2, 6))
    this.#growths.add(growth)
    this.#moves.add(move)
  }
}

/** Scores of a mask that a person has just looked at. */
export function unsuspectedScores(found: ModelScores): MaskScores {
  return { ...modelScoresOf(found), suspicion: 0, suspectReasons: [] }
}

/** An object that was not found in a new shot: somebody has to say whether it is there. */
export function lostAtCut(scores: MaskScores): MaskScores {
  return { ...scores, suspicion: 1, suspectReasons: [...scores.suspectReasons, 'lostAtCut'] }
}

function modelScoresOf({ objectScore, predictedIou, stability }: ModelScores) {
  return { objectScore: Math.min(Math.max(objectScore, -1e6), 1e6), predictedIou, stability }
}

/** An absent object is suspect only where the model is not sure of it. */
function unsureAbsence({ objectScore }: ModelScores): number {
  return ramp(Math.abs(objectScore), 2, 0)
}

function smoothed(before: number | null, value: number): number {
  return before === null ? value : before + followed * (value - before)
}

/** 0 at `harmless`, 1 at `alarming`, straight in between. */
function ramp(value: number, harmless: number, alarming: number): number {
  return unit((value - harmless) / (alarming - harmless))
}

function unit(value: number): number {
  return Math.min(Math.max(value, 0), 1)
}
