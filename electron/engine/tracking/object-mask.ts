import { noObjectLogit } from '../../../models/sam2/mask-choice.ts'
import type { Sam2Model } from '../../../models/sam2/sam2-model.ts'
import { maskFromLogits } from '../masks/mask-from-logits.ts'
import { emptyRunLength } from '../masks/run-length-mask.ts'
import { stabilityOf } from './mask-stability.ts'
import type { FrameRecord } from './frame-record.ts'
import type { ObjectMask, TrackedFrame } from './predictor-types.ts'
import type { PredictedFrame } from './video-predictor.ts'

interface SourceSize {
  readonly widthPx: number
  readonly heightPx: number
}

/** What the predictor found, as masks at source size; objects that have nothing on the frame are left out. */
export function trackedFrame(predicted: PredictedFrame, model: Sam2Model, size: SourceSize): TrackedFrame {
  const masks = predicted.objects.flatMap(({ objectId, record }) =>
    record ? [objectMask(objectId, record, model, size)] : [],
  )
  return { frameIndex: predicted.frameIndex, masks }
}

/** The foreground of a record's logits at source size (`_get_orig_video_res_output`, threshold 0). */
function objectMask(
  objectId: number,
  { maskLogits, objectScore, predictedIou }: FrameRecord,
  { maskSize }: Sam2Model,
  { widthPx, heightPx }: SourceSize,
): ObjectMask {
  const mask =
    maskLogits[0] === noObjectLogit
      ? emptyRunLength(heightPx, widthPx)
      : maskFromLogits(maskLogits, maskSize, maskSize, widthPx, heightPx)
  return { objectId, mask, objectScore, predictedIou, stability: stabilityOf(maskLogits) }
}
