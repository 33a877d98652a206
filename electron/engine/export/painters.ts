import { decodeRunLength } from '../masks/run-length-mask.ts'
import { isRunLengthEmpty } from '../masks/run-length-measures.ts'
import type { DecodedFrame } from '../video/video-source.ts'
import type { FrameMasks } from './frame-sink.ts'
import type { Rgb } from './paint-overlay.ts'
import type { Canvas, FramePainter } from './video-sink.ts'

/** The usual green of a screen; far from skin and from most things people film. */
export const SCREEN_GREEN: Rgb = [0, 177, 64]

/** Copies a frame into an RGB canvas. */
export function copyFrame({ rgb, widthPx, heightPx }: DecodedFrame, { pixels, strideBytes }: Canvas): void {
  const rowBytes = widthPx * 3
  if (strideBytes === rowBytes) {
    pixels.set(rgb)
    return
  }
  for (let y = 0; y < heightPx; y++)
    pixels.set(rgb.subarray(y * rowBytes, (y + 1) * rowBytes), y * strideBytes)
}

/** White where any of the objects is, black elsewhere. Grey canvas. */
export function maskPainter(objectIds: readonly number[]): FramePainter {
  return {
    paint({ widthPx, heightPx }, masks, { pixels, strideBytes }): void {
      const union = unionOf(masks, objectIds, widthPx * heightPx)
      for (let y = 0; y < heightPx; y++) {
        const row = y * strideBytes
        for (let x = 0; x < widthPx; x++) pixels[row + x] = union[y * widthPx + x]! * 255
      }
    },
  }
}

/**
 * The frame's own colours everywhere, opaque where any of the objects is and transparent elsewhere. RGBA canvas.
 * Alpha is straight and the surroundings stay, so that an editor can soften the edge without a dark rim.
 */
export function alphaPainter(objectIds: readonly number[]): FramePainter {
  return {
    paint({ rgb, widthPx, heightPx }, masks, { pixels, strideBytes }): void {
      const union = unionOf(masks, objectIds, widthPx * heightPx)
      for (let y = 0; y < heightPx; y++) {
        let to = y * strideBytes
        for (let place = y * widthPx; place < (y + 1) * widthPx; place++, to += 4) {
          pixels[to] = rgb[place * 3]!
          pixels[to + 1] = rgb[place * 3 + 1]!
          pixels[to + 2] = rgb[place * 3 + 2]!
          pixels[to + 3] = union[place]! * 255
        }
      }
    },
  }
}

/** The frame where any of the objects is, one colour elsewhere. RGB canvas. */
export function screenPainter(objectIds: readonly number[], colour: Rgb = SCREEN_GREEN): FramePainter {
  return {
    paint(frame, masks, canvas): void {
      copyFrame(frame, canvas)
      const { widthPx, heightPx } = frame
      const union = unionOf(masks, objectIds, widthPx * heightPx)
      const [red, green, blue] = colour
      for (let y = 0; y < heightPx; y++) {
        let to = y * canvas.strideBytes
        for (let place = y * widthPx; place < (y + 1) * widthPx; place++, to += 3) {
          if (union[place] === 1) continue
          canvas.pixels[to] = red
          canvas.pixels[to + 1] = green
          canvas.pixels[to + 2] = blue
        }
      }
    },
  }
}

/** One byte a pixel, row-major: 1 where any of the objects is. */
export function unionOf({ masks }: FrameMasks, objectIds: readonly number[], pixelCount: number): Uint8Array {
  const present = masks.filter(
    ({ objectId, mask }) => objectIds.includes(objectId) && !isRunLengthEmpty(mask),
  )
  const [first, ...others] = present
  if (first === undefined) return new Uint8Array(pixelCount)
  const union = decodeRunLength(first.mask).data
  for (const { mask } of others) {
    const { data } = decodeRunLength(mask)
    for (let place = 0; place < pixelCount; place++) union[place]! |= data[place]!
  }
  return union
}
