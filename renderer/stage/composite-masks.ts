import { visitColumn, type MaskRuns, type PixelRect } from './mask-runs.ts'

/** Red, green and blue, 0 to 255 each. */
export type Colour = readonly [red: number, green: number, blue: number]

/** One object's share of the overlay. */
export interface MaskFill {
  readonly runs: MaskRuns
  readonly colour: Colour
  /** 0 shows nothing, 1 covers the picture. */
  readonly opacity: number
}

/** A picture of part of the masks: row-major RGBA, not premultiplied, one pixel for each `step` source pixels. */
export interface MaskPicture {
  readonly widthPx: number
  readonly heightPx: number
  readonly step: number
  readonly rgba: Uint8ClampedArray<ArrayBuffer>
}

/**
 * Fills of all objects over one another, in order, as one picture.
 * @param region part of the source to draw, whole pixels
 * @param step every how many source pixels one is taken in both axes; 1 is exact
 */
export function compositeMasks(fills: readonly MaskFill[], region: PixelRect, step: number): MaskPicture {
  const widthPx = sampleCount(region.left, region.right, step)
  const heightPx = sampleCount(region.top, region.bottom, step)
  const rgba = new Uint8ClampedArray(widthPx * heightPx * 4)
  const whole = new Uint32Array(rgba.buffer)
  for (const fill of fills) {
    if (fill.opacity <= 0) continue
    const ink = packed(fill.colour, fill.opacity)
    for (let column = 0; column < widthPx; column++) {
      visitColumn(fill.runs, region.left + column * step, (from, to) => {
        const first = Math.max(0, Math.ceil((from - region.top) / step))
        const end = Math.min(heightPx, Math.ceil((to - region.top) / step))
        for (let row = first, at = first * widthPx + column; row < end; row++, at += widthPx) {
          if (whole[at] === 0) whole[at] = ink
          else blendOver(rgba, at * 4, fill.colour, fill.opacity)
        }
      })
    }
  }
  return { widthPx, heightPx, step, rgba }
}

/** Every how many source pixels to sample so that there are about as many samples as screen pixels. */
export function sampleStep(devicePixelsPerSourcePixel: number): number {
  return Math.max(1, Math.floor(1 / devicePixelsPerSourcePixel + 1e-6))
}

/** How many samples lie in a stretch: the first at its start, then one each `step`. */
export function sampleCount(from: number, to: number, step: number): number {
  return Math.max(0, Math.ceil((to - from) / step))
}

function packed(colour: Colour, opacity: number): number {
  const bytes = new Uint8ClampedArray([...colour, opacity * 255])
  return new Uint32Array(bytes.buffer)[0]!
}

function blendOver(rgba: Uint8ClampedArray, at: number, colour: Colour, opacity: number): void {
  const below = (rgba[at + 3]! / 255) * (1 - opacity)
  const alpha = opacity + below
  for (let channel = 0; channel < 3; channel++) {
    rgba[at + channel] = (colour[channel]! * opacity + rgba[at + channel]! * below) / alpha
  }
  rgba[at + 3] = alpha * 255
}
