import type { Sam2Model } from '../../../models/sam2/sam2-model.ts'
import { fillHolesInLogits } from '../masks/fill-holes-in-logits.ts'
import type { FrameSize } from './follow-zoom.ts'
import { stabilityOf } from './mask-stability.ts'
import type { FrameRecord } from './frame-record.ts'
import type { ObjectMask, TrackedFrame } from './predictor-types.ts'
import type { PredictedFrame, PredictorMode } from './video-predictor.ts'
import { maskInFrame } from './view-masks.ts'

/** Holes of the mask logits up to so many cells are filled in what is given out (`fill_hole_area`). */
const fillHoleArea: Readonly<Record<PredictorMode, number>> = { reference: 0, default: 8 }

/**
 * What the predictor found, as masks at source size; objects that have nothing on the frame are left out. Holes are
 * filled here alone: memories are of what the model said.
 */
export function trackedFrame(
  predicted: PredictedFrame,
  model: Sam2Model,
  size: FrameSize,
  mode: PredictorMode,
): TrackedFrame {
  const masks = predicted.objects.flatMap(({ objectId, record }) =>
    record ? [objectMask(objectId, record, model, { size, mode })] : [],
  )
  return { frameIndex: predicted.frameIndex, masks }
}

function objectMask(
  objectId: number,
  record: FrameRecord,
  { maskSize }: Sam2Model,
  { size, mode }: { readonly size: FrameSize; readonly mode: PredictorMode },
): ObjectMask {
  const { maskLogits, objectScore, predictedIou } = record
  const filled = fillHolesInLogits(maskLogits, maskSize, maskSize, fillHoleArea[mode])
  const mask = maskInFrame({ ...record, maskLogits: filled }, maskSize, size)
  return { objectId, mask, objectScore, predictedIou, stability: stabilityOf(maskLogits) }
}
