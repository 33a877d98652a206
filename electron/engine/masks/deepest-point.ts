import type { BinaryMask } from './binary-mask.ts'
import { squaredDistances } from './distance-transform.ts'
import { croppedMask, maskBox } from './mask-crop.ts'

export interface DeepestPoint {
  /** Pixel column and row in the picture. */
  readonly x: number
  readonly y: number
  /** Distance from the pixel's centre to that of the nearest pixel outside the object. */
  readonly depthPx: number
}

/**
 * The pixel deepest inside an object: where one click says most surely which object is meant. What lies outside the
 * picture is outside the object. Of several equally deep pixels the first in reading order; null for an empty mask.
 */
export function deepestPoint(mask: BinaryMask): DeepestPoint | null {
  const box = maskBox(mask)
  if (!box) return null
  // Around the object's box all is background, so the box alone, with background around it, gives the same answer.
  const distances = squaredDistances(croppedMask(mask, box), 0, true)
  let deepest = 0
  for (let i = 1; i < distances.length; i++) if (distances[i]! > distances[deepest]!) deepest = i
  const x = deepest % box.widthPx
  const y = (deepest - x) / box.widthPx
  return { x: box.leftPx + x, y: box.topPx + y, depthPx: Math.sqrt(distances[deepest]!) }
}
