import type { BinaryMask } from './binary-mask.ts'
import { erodeByDisc } from './disc-morphology.ts'
import { croppedMask, maskBox, placedMask, widenedBox } from './mask-crop.ts'

/**
 * The outline of a mask for drawing: its foreground pixels within `thicknessPx` of background. Thickness 1 gives the
 * pixels with background above, below, left or right. No line is drawn where the picture's border cuts the object.
 */
export function outlineOf(mask: BinaryMask, thicknessPx: number): BinaryMask {
  const box = maskBox(mask)
  if (!box) return mask
  const place = widenedBox(box, 1, mask)
  const part = croppedMask(mask, place)
  const inner = erodeByDisc(part, thicknessPx)
  for (let i = 0; i < inner.data.length; i++) inner.data[i]! ^= part.data[i]!
  return placedMask(inner, place, mask.widthPx, mask.heightPx)
}
