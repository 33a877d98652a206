import type { RunLengthMask } from '../../electron/contract/mask.ts'
import { decodeMask, type MaskBounds } from './run-length.ts'

/** Red, green, blue and opacity, 0 to 255 each. */
export type Tint = readonly [red: number, green: number, blue: number, alpha: number]

/** One part of a mask as pixels of one colour on nothing, row by row, four bytes a pixel. */
export function tintedPixels(
  mask: RunLengthMask,
  part: MaskBounds,
  tint: Tint,
): Uint8ClampedArray<ArrayBuffer> {
  const { widthPx, pixels } = decodeMask(mask)
  const width = part.right - part.left
  const tinted = new Uint8ClampedArray(width * (part.bottom - part.top) * 4)
  let to = 0
  for (let y = part.top; y < part.bottom; y++) {
    let from = y * widthPx + part.left
    for (let x = 0; x < width; x++, from++, to += 4) {
      if (pixels[from] !== 1) continue
      tinted[to] = tint[0]
      tinted[to + 1] = tint[1]
      tinted[to + 2] = tint[2]
      tinted[to + 3] = tint[3]
    }
  }
  return tinted
}

/** The part of a picture worth showing around a mask: its bounds with a rim, grown to a shape. */
export function partAround(
  bounds: MaskBounds,
  picture: { widthPx: number; heightPx: number },
  shape: { width: number; height: number },
): MaskBounds {
  const rim = 1.16
  const scale = Math.max(
    ((bounds.right - bounds.left) * rim) / shape.width,
    ((bounds.bottom - bounds.top) * rim) / shape.height,
  )
  const width = Math.min(picture.widthPx, Math.ceil(shape.width * scale))
  const height = Math.min(picture.heightPx, Math.ceil(shape.height * scale))
  const place = (low: number, high: number, length: number, limit: number): number =>
    Math.max(0, Math.min(limit - length, Math.round((low + high - length) / 2)))
  const left = place(bounds.left, bounds.right, width, picture.widthPx)
  const top = place(bounds.top, bounds.bottom, height, picture.heightPx)
  return { left, top, right: left + width, bottom: top + height }
}

/** Draws a part of a mask into a canvas of any size, as large as fits and centred. */
export function drawMask(canvas: HTMLCanvasElement, mask: RunLengthMask, part: MaskBounds, tint: Tint): void {
  const width = part.right - part.left
  const height = part.bottom - part.top
  const source = new OffscreenCanvas(width, height)
  source.getContext('2d')?.putImageData(new ImageData(tintedPixels(mask, part, tint), width, height), 0, 0)
  const context = canvas.getContext('2d')
  if (context === null) return
  context.clearRect(0, 0, canvas.width, canvas.height)
  context.imageSmoothingQuality = 'high'
  const scale = Math.min(canvas.width / width, canvas.height / height)
  context.drawImage(
    source,
    (canvas.width - width * scale) / 2,
    (canvas.height - height * scale) / 2,
    width * scale,
    height * scale,
  )
}
