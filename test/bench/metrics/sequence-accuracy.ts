import type { RunLengthMask } from '../../../electron/contract/mask.ts'
import { decodeRunLength } from '../../../electron/engine/masks/run-length-mask.ts'
import { runLengthIou } from '../../../electron/engine/masks/run-length-sets.ts'
import { boundaryAccuracy } from './boundary-accuracy.ts'

/** DAVIS' measures of one object or a mean of several, each 0 to 1. */
export interface Accuracy {
  /** J, region similarity: intersection over union. */
  readonly region: number
  /** F, boundary accuracy. */
  readonly boundary: number
}

/** DAVIS' region similarity J of one frame: intersection over union, 1 when both masks are empty. */
export function regionSimilarity(segmentation: RunLengthMask, annotation: RunLengthMask): number {
  return runLengthIou(segmentation, annotation, 1)
}

/** J&F: the mean of both measures. */
export function regionAndBoundary(accuracy: Accuracy): number {
  return (accuracy.region + accuracy.boundary) / 2
}

/**
 * Mean J and F of one object over a sequence as the official evaluation takes them: every frame but the first, which
 * held the prompt, and the last.
 * @param segmentations one mask a frame; the same frames in the same order as `annotations`
 */
export function sequenceAccuracy(
  segmentations: readonly RunLengthMask[],
  annotations: readonly RunLengthMask[],
): Accuracy {
  if (segmentations.length !== annotations.length) {
    throw new RangeError(`${segmentations.length} masks cannot be held against ${annotations.length}`)
  }
  if (annotations.length < 3)
    throw new RangeError('A sequence of fewer than three frames has none to measure')
  return meanAccuracy(
    annotations.slice(1, -1).map((annotation, i) => {
      const segmentation = segmentations[i + 1]!
      return {
        region: regionSimilarity(segmentation, annotation),
        boundary: boundaryAccuracy(decodeRunLength(segmentation), decodeRunLength(annotation)),
      }
    }),
  )
}

/** The plain mean of several accuracies: of frames, or of all objects of a data set, which all weigh the same. */
export function meanAccuracy(parts: readonly Accuracy[]): Accuracy {
  if (parts.length === 0) throw new RangeError('There is nothing to take a mean of')
  const mean = (of: (part: Accuracy) => number): number =>
    parts.reduce((sum, part) => sum + of(part), 0) / parts.length
  return { region: mean((part) => part.region), boundary: mean((part) => part.boundary) }
}
