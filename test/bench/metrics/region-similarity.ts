import type { BinaryMask } from '../../../electron/engine/masks/binary-mask.ts'

/** DAVIS' region similarity J of one frame, 0 to 1: intersection over union, 1 when both masks are empty. */
export function regionSimilarity(segmentation: BinaryMask, annotation: BinaryMask): number {
  checkSameSize(segmentation, annotation)
  let intersection = 0
  let union = 0
  for (let i = 0; i < annotation.data.length; i++) {
    intersection += segmentation.data[i]! & annotation.data[i]!
    union += segmentation.data[i]! | annotation.data[i]!
  }
  return union === 0 ? 1 : intersection / union
}

export function checkSameSize(first: BinaryMask, second: BinaryMask): void {
  if (first.widthPx !== second.widthPx || first.heightPx !== second.heightPx) {
    throw new RangeError('The masks to compare are of different size')
  }
}
