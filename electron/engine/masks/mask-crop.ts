import type { BinaryMask } from './binary-mask.ts'
import type { PixelBox } from './run-length-measures.ts'

/** The smallest box that holds every foreground pixel; null for an empty mask. */
export function maskBox({ widthPx, heightPx, data }: BinaryMask): PixelBox | null {
  const first = data.indexOf(1)
  if (first < 0) return null
  const top = Math.floor(first / widthPx)
  const bottom = Math.floor(data.lastIndexOf(1) / widthPx)
  let left = widthPx
  let right = -1
  for (let y = top; y <= bottom && y < heightPx; y++) {
    const row = y * widthPx
    for (let x = 0; x < left; x++) if (data[row + x]) left = x
    for (let x = widthPx - 1; x > right; x--) if (data[row + x]) right = x
  }
  return { leftPx: left, topPx: top, widthPx: right - left + 1, heightPx: bottom - top + 1 }
}

/** A box widened on all sides, as far as the picture goes. */
export function widenedBox(
  box: PixelBox,
  marginPx: number,
  picture: { readonly widthPx: number; readonly heightPx: number },
): PixelBox {
  const left = Math.max(0, box.leftPx - marginPx)
  const top = Math.max(0, box.topPx - marginPx)
  const right = Math.min(picture.widthPx, box.leftPx + box.widthPx + marginPx)
  const bottom = Math.min(picture.heightPx, box.topPx + box.heightPx + marginPx)
  return { leftPx: left, topPx: top, widthPx: right - left, heightPx: bottom - top }
}

/** The part of a mask inside a box. */
export function croppedMask(mask: BinaryMask, box: PixelBox): BinaryMask {
  const data = new Uint8Array(box.widthPx * box.heightPx)
  for (let y = 0; y < box.heightPx; y++) {
    const start = (box.topPx + y) * mask.widthPx + box.leftPx
    data.set(mask.data.subarray(start, start + box.widthPx), y * box.widthPx)
  }
  return { widthPx: box.widthPx, heightPx: box.heightPx, data }
}

/** A part put back at its place in an otherwise empty mask. */
export function placedMask(part: BinaryMask, box: PixelBox, widthPx: number, heightPx: number): BinaryMask {
  const data = new Uint8Array(widthPx * heightPx)
  for (let y = 0; y < part.heightPx; y++) {
    const row = part.data.subarray(y * part.widthPx, (y + 1) * part.widthPx)
    data.set(row, (box.topPx + y) * widthPx + box.leftPx)
  }
  return { widthPx, heightPx, data }
}
