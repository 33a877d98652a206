import type { Sam2Model } from '../../../models/sam2/sam2-model.ts'
import { fillHolesInLogits } from '../masks/fill-holes-in-logits.ts'
import { exclusiveMasks } from './exclusive-masks.ts'
import type { FrameSize } from './follow-zoom.ts'
import { stabilityOf } from './mask-stability.ts'
import type { TrackedFrame } from './predictor-types.ts'
import type { PredictedFrame, PredictorMode } from './predictor-types.ts'
import { maskInFrame } from './view-masks.ts'

/** Holes of the mask logits up to so many cells are filled in what is given out (`fill_hole_area`). */
const fillHoleArea: Readonly<Record<PredictorMode, number>> = { reference: 0, default: 8 }

export interface GivenOut {
  readonly mode: PredictorMode
  /** Each pixel goes to the object with the highest logit. */
  readonly exclusiveObjects: boolean
}

/**
 * What the predictor found, as masks at source size; objects that have nothing on the frame are left out. Holes are
 * filled and pixels divided here alone: memories are of what the model said.
 */
export function trackedFrame(
  predicted: PredictedFrame,
  { maskSize }: Sam2Model,
  size: FrameSize,
  { mode, exclusiveObjects }: GivenOut,
): TrackedFrame {
  const found = predicted.objects.flatMap(({ objectId, record }) => (record ? [{ objectId, record }] : []))
  const seen = found.map(({ record: { maskLogits, view } }) => ({
    maskLogits: fillHolesInLogits(maskLogits, maskSize, maskSize, fillHoleArea[mode]),
    view,
  }))
  const masks = exclusiveObjects
    ? exclusiveMasks(seen, maskSize, size)
    : seen.map((logits) => maskInFrame(logits, maskSize, size))
  return {
    frameIndex: predicted.frameIndex,
    masks: found.map(({ objectId, record: { objectScore, predictedIou, maskLogits } }, place) => ({
      ...{ objectId, mask: masks[place]!, objectScore, predictedIou },
      stability: stabilityOf(maskLogits),
    })),
  }
}
