import { intersectRunLength } from '../masks/run-length-sets.ts'
import { runLengthArea } from '../masks/run-length-measures.ts'
import type { FrameSize } from './follow-zoom.ts'
import { maskInFrame, type SeenLogits } from './view-masks.ts'

/** Share of a mask on another object from which it is taken for that object. */
const heldFrom = 0.5

/**
 * Whether what was found of an object that was gone is one of the others: most of it lies on what that one holds.
 * @param others what the other objects surely hold, on the same frame or the one before
 */
export function isHeldByAnother(
  found: SeenLogits,
  others: readonly SeenLogits[],
  maskSize: number,
  frame: FrameSize,
): boolean {
  if (others.length === 0) return false
  const mask = maskInFrame(found, maskSize, frame)
  const heldPx = runLengthArea(mask) * heldFrom
  return others.some(
    (other) => runLengthArea(intersectRunLength(mask, maskInFrame(other, maskSize, frame))) > heldPx,
  )
}
