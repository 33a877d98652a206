import type { MaskScores, SuspectReason } from '../../contract/tracking.ts'
import { runLengthArea, runLengthCentroid } from '../masks/run-length-measures.ts'
import type { RunLengthMask } from '../../contract/mask.ts'
import type { ScoredMask } from './tracker-protocol.ts'

/** What the frame before in the walk had. */
export interface MaskMeasures {
  readonly areaPx: number
  readonly centroid: { readonly x: number; readonly y: number } | null
}

export function measureMask(mask: RunLengthMask): MaskMeasures {
  return { areaPx: runLengthArea(mask), centroid: runLengthCentroid(mask) }
}

type Sign = readonly [reason: SuspectReason, strength: number]

/** A reason counts as one from here on. */
const REASON_FROM = 0.5

/**
 * How far a tracked mask is to be mistrusted, 0 to 1, and why: a low predicted IoU, an unsure object score, a mask
 * that hangs on its threshold, a jump in area or place against the frame before. The strongest sign counts.
 */
export function scoresOf(scored: ScoredMask, now: MaskMeasures, before: MaskMeasures | null): MaskScores {
  const { objectScore, predictedIou, stability } = scored
  const present = now.areaPx > 0
  const signs: Sign[] = [
    ['lowObjectScore', ramp(Math.abs(objectScore), 2, 0)],
    ...(present
      ? ([
          ['lowPredictedIou', ramp(predictedIou, 0.85, 0.45)],
          ['unstable', ramp(stability, 0.7, 0.3)],
        ] satisfies Sign[])
      : []),
    ...(before === null ? [] : jumps(now, before)),
  ]
  return {
    objectScore: Math.min(Math.max(objectScore, -1e6), 1e6),
    predictedIou,
    stability,
    suspicion: Math.max(...signs.map(([, strength]) => strength)),
    suspectReasons: signs.filter(([, strength]) => strength >= REASON_FROM).map(([reason]) => reason),
  }
}

function jumps(now: MaskMeasures, before: MaskMeasures): Sign[] {
  if (now.areaPx === 0 || before.areaPx === 0) return []
  const growth = Math.abs(Math.log2(now.areaPx / before.areaPx))
  const extent = Math.sqrt(Math.max(now.areaPx, before.areaPx))
  const moved =
    now.centroid === null || before.centroid === null
      ? 0
      : Math.hypot(now.centroid.x - before.centroid.x, now.centroid.y - before.centroid.y) / extent
  return [
    ['areaJump', ramp(growth, 0.3, 1.3)],
    ['centroidJump', ramp(moved, 0.5, 1.5)],
  ]
}

/** 0 at `harmless`, 1 at `alarming`, straight in between. */
function ramp(value: number, harmless: number, alarming: number): number {
  return Math.min(Math.max((value - harmless) / (alarming - harmless), 0), 1)
}
