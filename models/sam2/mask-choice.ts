/** Mask logits of an absent object (sam2_base.py, NO_OBJ_SCORE). */
export const noObjectLogit = -1024

const stabilityDelta = 0.05
const stabilityThreshold = 0.98

/** All that the decoder offers for one object on one frame. */
export interface MaskCandidates {
  /** Mask token of the first entry: 0, the single mask, or 1 where only the three multimask outputs were made. */
  readonly firstToken: 0 | 1
  /** Per mask, [S/4, S/4] logits. */
  readonly maskLogits: readonly Float32Array[]
  /** Predicted IoU of all four masks, single first. */
  readonly ious: Float32Array
  /** Logit; above 0 the object is present. */
  readonly objectScore: number
  /** Object pointer per mask, [d]. */
  readonly pointers: readonly Float32Array[]
}

export interface ChosenMask {
  /** [S/4, S/4]; all `noObjectLogit` where the object is absent. */
  readonly maskLogits: Float32Array
  readonly pointer: Float32Array
  readonly objectScore: number
  readonly predictedIou: number
}

/**
 * The decoder's answer among its candidates (MaskDecoder.forward and SAM2Base._forward_sam_heads): with
 * `multimask` the best of the three by predicted IoU, with its own pointer; else the single mask, or the best of the
 * three in its place where it is not stable, with the single mask's pointer in both cases.
 */
export function chooseMask(
  candidates: MaskCandidates,
  multimask: boolean,
  noObjectPointer: Float32Array,
): ChosenMask {
  const { firstToken, maskLogits, ious, objectScore, pointers } = candidates
  const best = bestOfMultimask(ious)
  const token = multimask || !isStable(maskLogits[0]!) ? best : 0
  const pointerToken = multimask ? best : 0
  const present = objectScore > 0
  return {
    maskLogits: present
      ? maskLogits[token - firstToken]!
      : new Float32Array(maskLogits[0]!.length).fill(noObjectLogit),
    pointer: present ? pointers[pointerToken - firstToken]! : noObjectPointer,
    objectScore,
    predictedIou: ious[token]!,
  }
}

function bestOfMultimask(ious: Float32Array): 1 | 2 | 3 {
  if (ious[3]! > ious[2]! && ious[3]! > ious[1]!) return 3
  return ious[2]! > ious[1]! ? 2 : 1
}

/** Whether the mask hardly changes with its threshold (MaskDecoder._get_stability_scores). */
function isStable(logits: Float32Array): boolean {
  let inner = 0
  let outer = 0
  for (const logit of logits) {
    if (logit > stabilityDelta) inner++
    if (logit > -stabilityDelta) outer++
  }
  return outer === 0 || Math.fround(inner / outer) >= stabilityThreshold
}
