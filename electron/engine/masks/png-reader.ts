import { decode, type DecodedPng } from 'fast-png'
import type { Colour, LabelPicture } from './label-picture.ts'
import { MaskFormatError } from './mask-errors.ts'
import { neededChunks } from './png-chunks.ts'
import { MAX_MASK_PIXELS } from './run-length-string.ts'

/** What a PNG's labels are: indices into its palette, grey values, or colours as 0xRRGGBB. */
export type DecodedLabels = LabelPicture &
  (
    | { readonly kind: 'palette'; readonly palette: readonly Colour[] }
    | { readonly kind: 'grey' }
    | { readonly kind: 'colour' }
  )

/**
 * Reads a PNG of labels: indexed ones give their indices and palette, grey ones their values (8 or 16 bits as
 * written), coloured ones one label for every colour. Wholly transparent pixels are background (0).
 * @throws MaskFormatError for what is no PNG, is damaged, or is larger than any picture
 */
export function decodePngLabels(bytes: Uint8Array): DecodedLabels {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  checkHeader(file)
  const chunks = neededChunks(file)
  let png: DecodedPng
  try {
    png = decode(chunks, { checkCrc: true })
  } catch (error) {
    throw new MaskFormatError('its PNG is damaged', { cause: error })
  }
  const size = { widthPx: png.width, heightPx: png.height }
  if (png.channels === 1) {
    const labels = oneChannel(png)
    if (!png.palette) return { ...size, labels, kind: 'grey' }
    return { ...size, labels, kind: 'palette', palette: png.palette.map(([r, g, b]): Colour => [r!, g!, b!]) }
  }
  if (png.channels === 2) return { ...size, labels: opaqueGrey(png), kind: 'grey' }
  return { ...size, labels: colours(png), kind: 'colour' }
}

/** The header is checked before anything is made of the size it claims. */
function checkHeader(header: Buffer): void {
  if (header.length < 33 || header.toString('latin1', 1, 4) !== 'PNG')
    throw new MaskFormatError('it is no PNG')
  const [widthPx, heightPx] = [header.readUInt32BE(16), header.readUInt32BE(20)]
  if (widthPx === 0 || heightPx === 0 || widthPx * heightPx > MAX_MASK_PIXELS) {
    throw new MaskFormatError(`a size of ${widthPx}x${heightPx} pixels is no picture's`)
  }
  // The decoder takes bits for bytes here.
  if (header[24]! < 8 && header[28] === 1) {
    throw new MaskFormatError(
      'its PNG is interlaced with fewer than 8 bits a pixel; save it without interlacing',
    )
  }
}

/** Below 8 bits several pixels share a byte, the first in its highest bits; each row begins with a new byte. */
function oneChannel({ width, height, depth, data }: DecodedPng): Uint8Array | Uint16Array {
  if (depth === 16) return Uint16Array.from(data)
  if (depth === 8) return Uint8Array.from(data)
  const stride = Math.ceil((width * depth) / 8)
  const labels = new Uint8Array(width * height)
  const highest = (1 << depth) - 1
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const bit = x * depth
      labels[y * width + x] = (data[y * stride + (bit >> 3)]! >> (8 - depth - (bit & 7))) & highest
    }
  }
  return labels
}

function opaqueGrey({ width, height, depth, data }: DecodedPng): Uint8Array | Uint16Array {
  const labels = depth === 16 ? new Uint16Array(width * height) : new Uint8Array(width * height)
  for (let i = 0; i < labels.length; i++) labels[i] = data[2 * i + 1] ? data[2 * i]! : 0
  return labels
}

function colours({ width, height, depth, channels, data }: DecodedPng): Uint32Array {
  const labels = new Uint32Array(width * height)
  const shift = depth === 16 ? 8 : 0
  for (let i = 0; i < labels.length; i++) {
    const at = i * channels
    if (channels === 4 && data[at + 3] === 0) continue
    labels[i] = ((data[at]! >> shift) << 16) | ((data[at + 1]! >> shift) << 8) | (data[at + 2]! >> shift)
  }
  return labels
}
