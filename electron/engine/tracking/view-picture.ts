import type { PixelBox } from '../masks/run-length-measures.ts'
import { resizeBicubic } from '../video/resize-bicubic.ts'
import type { Picture } from './picture-encoder.ts'

/** A frame, or a part of it, brought to the model's square picture as the official loader does: RGB bytes, [S, S, 3]. */
export function pictureOfView(frame: Picture, view: PixelBox | null, modelSizePx: number): Uint8Array {
  const { rgb, widthPx, heightPx } = view === null ? frame : partOfPicture(frame, view)
  return resizeBicubic(rgb, widthPx, heightPx, modelSizePx, modelSizePx)
}

/** Names a frame's picture, or a part of it, or either as in a mirror, among the pictures that are kept. */
export function pictureKey(frameKey: string, view: PixelBox | null, isMirrored: boolean): string {
  const part = view === null ? '' : ` ${Object.values(view).join()}`
  return `${frameKey}${part}${isMirrored ? ' mirrored' : ''}`
}

/** A picture as in a mirror. @param rgb [heightPx, widthPx, 3] */
export function mirroredPicture(rgb: Uint8Array, widthPx: number): Uint8Array {
  const mirrored = new Uint8Array(rgb.length)
  for (let start = 0; start < rgb.length; start += widthPx * 3)
    for (let x = 0; x < widthPx; x++) {
      const from = start + (widthPx - 1 - x) * 3
      mirrored.set(rgb.subarray(from, from + 3), start + x * 3)
    }
  return mirrored
}

/** A part of a picture, copied. */
export function partOfPicture(frame: Picture, { leftPx, topPx, widthPx, heightPx }: PixelBox): Picture {
  const rgb = new Uint8Array(widthPx * heightPx * 3)
  for (let y = 0; y < heightPx; y++) {
    const start = ((topPx + y) * frame.widthPx + leftPx) * 3
    rgb.set(frame.rgb.subarray(start, start + widthPx * 3), y * widthPx * 3)
  }
  return { rgb, widthPx, heightPx }
}
