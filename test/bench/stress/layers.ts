import sharp from 'sharp'
import type { BinaryMask } from '../../../electron/engine/masks/binary-mask.ts'
import { maskBox } from '../../../electron/engine/masks/mask-crop.ts'

/** A picture, RGB, row-major. */
export interface Picture {
  readonly widthPx: number
  readonly heightPx: number
  readonly rgb: Uint8Array
}

/** A cut-out piece of a picture, RGBA, with the place of its centre in the picture it comes from. */
export interface Layer {
  readonly widthPx: number
  readonly heightPx: number
  readonly rgba: Uint8Array
  readonly centreX: number
  readonly centreY: number
}

const opaqueFrom = 128

/** An object cut out along its mask; null where the mask is empty. */
export function cutOut(picture: Picture, mask: BinaryMask): Layer | null {
  const box = maskBox(mask)
  if (!box) return null
  const { leftPx, topPx, widthPx, heightPx } = box
  const rgba = new Uint8Array(widthPx * heightPx * 4)
  for (let y = 0; y < heightPx; y++) {
    for (let x = 0; x < widthPx; x++) {
      const from = (topPx + y) * picture.widthPx + leftPx + x
      const to = (y * widthPx + x) * 4
      rgba.set(picture.rgb.subarray(from * 3, from * 3 + 3), to)
      rgba[to + 3] = mask.data[from] === 1 ? 255 : 0
    }
  }
  return { widthPx, heightPx, rgba, centreX: leftPx + widthPx / 2, centreY: topPx + heightPx / 2 }
}

/** The layer in another size, mirrored or not. */
export async function reshaped(layer: Layer, scale: number, mirrored: boolean): Promise<Layer> {
  const widthPx = Math.max(1, Math.round(layer.widthPx * scale))
  const heightPx = Math.max(1, Math.round(layer.heightPx * scale))
  const source = sharp(layer.rgba, { raw: { width: layer.widthPx, height: layer.heightPx, channels: 4 } })
  const sized = source.flop(mirrored).resize(widthPx, heightPx, { fit: 'fill' })
  const rgba = new Uint8Array(await sized.raw().toBuffer())
  return { ...layer, widthPx, heightPx, rgba }
}

/** A part of a picture, stretched to a size, mirrored or not. */
export async function stretched(
  picture: Picture,
  part: { readonly left: number; readonly top: number; readonly width: number; readonly height: number },
  widthPx: number,
  heightPx: number,
  mirrored: boolean,
): Promise<Picture> {
  const source = sharp(picture.rgb, {
    raw: { width: picture.widthPx, height: picture.heightPx, channels: 3 },
  })
  const { data } = await source
    .extract(part)
    .flop(mirrored)
    .resize(widthPx, heightPx, { fit: 'fill' })
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { widthPx, heightPx, rgb: new Uint8Array(data) }
}

export function wholeOf({ widthPx, heightPx }: { readonly widthPx: number; readonly heightPx: number }) {
  return { left: 0, top: 0, width: widthPx, height: heightPx }
}

/**
 * Paints a layer into a picture with its centre at a place, what lies outside left out.
 * @param behind pixels that stay in front of the layer
 * @returns what of the layer is seen
 */
export function paste(
  onto: Picture,
  layer: Layer,
  centreX: number,
  centreY: number,
  behind?: BinaryMask,
): BinaryMask {
  const { widthPx, heightPx, rgb } = onto
  const seen = new Uint8Array(widthPx * heightPx)
  const left = Math.round(centreX - layer.widthPx / 2)
  const top = Math.round(centreY - layer.heightPx / 2)
  for (let y = Math.max(0, -top); y < Math.min(layer.heightPx, heightPx - top); y++) {
    for (let x = Math.max(0, -left); x < Math.min(layer.widthPx, widthPx - left); x++) {
      const from = (y * layer.widthPx + x) * 4
      const alpha = layer.rgba[from + 3]!
      const to = (top + y) * widthPx + left + x
      if (alpha === 0 || behind?.data[to] === 1) continue
      for (let channel = 0; channel < 3; channel++) {
        const under = rgb[to * 3 + channel]!
        rgb[to * 3 + channel] = Math.round(under + ((layer.rgba[from + channel]! - under) * alpha) / 255)
      }
      if (alpha >= opaqueFrom) seen[to] = 1
    }
  }
  return { widthPx, heightPx, data: seen }
}

/** Pixels of the first mask that are not in the second. */
export function without(mask: BinaryMask, other: BinaryMask): BinaryMask {
  return { ...mask, data: mask.data.map((value, pixel) => value & (1 - other.data[pixel]!)) }
}

/** A picture of its own: a decoder's buffer, sliced, would still be the decoder's. */
export function copyOf(picture: Picture): Picture {
  return { ...picture, rgb: Uint8Array.from(picture.rgb) }
}
