import type { Sam2Model } from '../../../models/sam2/sam2-model.ts'
import type { FrameSize } from './follow-zoom.ts'
import { stabilityOf } from './mask-stability.ts'
import type { FrameRecord } from './frame-record.ts'
import type { ObjectMask, TrackedFrame } from './predictor-types.ts'
import type { PredictedFrame } from './video-predictor.ts'
import { maskInFrame } from './view-masks.ts'

/** What the predictor found, as masks at source size; objects that have nothing on the frame are left out. */
export function trackedFrame(predicted: PredictedFrame, model: Sam2Model, size: FrameSize): TrackedFrame {
  const masks = predicted.objects.flatMap(({ objectId, record }) =>
    record ? [objectMask(objectId, record, model, size)] : [],
  )
  return { frameIndex: predicted.frameIndex, masks }
}

function objectMask(
  objectId: number,
  record: FrameRecord,
  { maskSize }: Sam2Model,
  size: FrameSize,
): ObjectMask {
  const { maskLogits, objectScore, predictedIou } = record
  const mask = maskInFrame(record, maskSize, size)
  return { objectId, mask, objectScore, predictedIou, stability: stabilityOf(maskLogits) }
}
