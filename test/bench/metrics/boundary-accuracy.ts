import type { BinaryMask } from '../../../electron/engine/masks/binary-mask.ts'
import { dilateByDisc } from '../../../electron/engine/masks/disc-morphology.ts'
import { checkSameSize } from './region-similarity.ts'

/** How far apart two contours may lie and still agree, as a fraction of the picture's diagonal. */
const TOLERANCE = 0.008

/**
 * DAVIS' boundary measure F of one frame, 0 to 1, as the official evaluation computes it: contour pixels of either
 * mask agree when the other mask has one within ceil(0.008 * diagonal) pixels; F is the harmonic mean of the agreeing
 * fractions. Two masks without contour agree wholly; with only one contour F is 0.
 */
export function boundaryAccuracy(segmentation: BinaryMask, annotation: BinaryMask): number {
  const { widthPx, heightPx } = annotation
  checkSameSize(segmentation, annotation)
  const found = contourPixels(segmentation)
  const expected = contourPixels(annotation)
  const foundCount = count(found)
  const expectedCount = count(expected)
  if (foundCount === 0 || expectedCount === 0) return foundCount === expectedCount ? 1 : 0

  const radiusPx = Math.ceil(TOLERANCE * Math.sqrt(heightPx * heightPx + widthPx * widthPx))
  const precision = countCommon(found, dilateByDisc(expected, radiusPx)) / foundCount
  const recall = countCommon(expected, dilateByDisc(found, radiusPx)) / expectedCount
  return precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall)
}

/**
 * The contour map of the Berkeley segmentation benchmark at the picture's own size: pixels that differ from the one to
 * the right, below, or below to the right; in the last row and column from the one that is left to compare with.
 */
function contourPixels({ widthPx, heightPx, data }: BinaryMask): BinaryMask {
  const contour = new Uint8Array(data.length)
  for (let y = 0; y < heightPx; y++) {
    const row = y * widthPx
    const below = y + 1 < heightPx ? row + widthPx : row
    for (let x = 0; x < widthPx; x++) {
      const value = data[row + x]!
      const right = x + 1 < widthPx ? x + 1 : x
      contour[row + x] =
        (value ^ data[row + right]!) | (value ^ data[below + x]!) | (value ^ data[below + right]!)
    }
  }
  return { widthPx, heightPx, data: contour }
}

function count({ data }: BinaryMask): number {
  let total = 0
  for (let i = 0; i < data.length; i++) total += data[i]!
  return total
}

function countCommon(first: BinaryMask, second: BinaryMask): number {
  let total = 0
  for (let i = 0; i < first.data.length; i++) total += first.data[i]! & second.data[i]!
  return total
}
