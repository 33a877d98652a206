import type { FrameSize } from './follow-zoom.ts'
import type { FrameRecord } from './frame-record.ts'
import { withinReach, withoutRival } from './rival-parts.ts'
import { areaInFrame, foregroundInView, type SeenLogits } from './view-masks.ts'

/** For so many frames after a rival was seen it may be near, or touch the object. */
export const rivalFrames = 12
/** The usual area of an object is that of so many frames. */
const usualFrames = 10
/** A frame that tells apart is so near to the usual area, and comes so many frames after the last such one. */
const steadyWithin = 0.2
const apartEvery = 5

/**
 * What was found as far as it goes on from the object, where a rival is beside it or was a short while ago. A part of the
 * object itself that comes back into the mask makes the model surer; a rival makes it less sure.
 * @param isLessSure whether the model is less sure of it than usual
 * @param before the object on the frame before
 * @param passed the frames that the walk has just passed, the nearest first, `rivalFrames` at most
 */
export function goingOn(
  found: SeenLogits,
  isLessSure: boolean,
  before: FrameRecord,
  passed: readonly FrameRecord[],
  maskSize: number,
  frame: FrameSize,
): { readonly maskLogits: Float32Array; readonly hasRival: boolean } {
  const { maskLogits, view } = found
  // An object that comes out from behind something in two parts is no larger than it was before.
  const mayHoldRival =
    isLessSure && areaInFrame(found, frame) > (usualArea(passed, frame) ?? areaInFrame(before, frame))
  const wasRivalled = passed.some(({ hasRival }) => hasRival)
  if (!mayHoldRival && !wasRivalled) return { maskLogits, hasRival: false }
  const place = foregroundInView(before, view, maskSize, frame)
  const kept = mayHoldRival ? withoutRival(maskLogits, place, maskSize) : { maskLogits, hasRival: false }
  if (!kept.hasRival && !wasRivalled) return kept
  return { ...kept, maskLogits: withinReach(kept.maskLogits, place, maskSize) }
}

/** Whether a mask is about as large as those before it, and none of these tells the object apart already. */
export function isSteady(found: SeenLogits, passed: readonly FrameRecord[], frame: FrameSize): boolean {
  if (passed.slice(0, apartEvery - 1).some(({ tellsApart }) => tellsApart)) return false
  const usual = usualArea(passed, frame)
  return usual === null || Math.abs(areaInFrame(found, frame) / usual - 1) <= steadyWithin
}

/** Median area in source pixels; null where the object is on none of the frames. */
function usualArea(passed: readonly FrameRecord[], frame: FrameSize): number | null {
  const areas = passed
    .slice(0, usualFrames)
    .filter(({ isFound }) => isFound)
    .map((record) => areaInFrame(record, frame))
    .sort((a, b) => a - b)
  return areas[areas.length >> 1] ?? null
}
