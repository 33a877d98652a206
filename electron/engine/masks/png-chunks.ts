import { inflateSync } from 'node:zlib'
import { MaskFormatError } from './mask-errors.ts'

/** What a picture of labels needs; texts and colour profiles are left out, as they may unfold without end. */
const needed = new Set(['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND'])
const signatureBytes = 8
/** Of a chunk beside its data: length, name and checksum. */
const frameBytes = 12
const channelsOfColourType: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }

/**
 * The chunks of a PNG that make its pixels, once they are known to unfold to no more than its header says: a few
 * megabytes could else fill all memory.
 * @param png whose header has been checked
 * @throws MaskFormatError for chunks that are cut off and for more pixels than the header claims
 */
export function neededChunks(png: Buffer): Buffer {
  const kept = [png.subarray(0, signatureBytes)]
  const packed: Buffer[] = []
  for (let at = signatureBytes; at < png.length;) {
    if (at + frameBytes > png.length) throw new MaskFormatError('its PNG is damaged')
    const end = at + frameBytes + png.readUInt32BE(at)
    if (end > png.length) throw new MaskFormatError('its PNG is damaged')
    const name = png.toString('latin1', at + 4, at + 8)
    if (needed.has(name)) kept.push(png.subarray(at, end))
    if (name === 'IDAT') packed.push(png.subarray(at + 8, end - 4))
    if (name === 'IEND') break
    at = end
  }
  try {
    inflateSync(Buffer.concat(packed), { maxOutputLength: mostUnpackedBytes(png) })
  } catch (cause) {
    throw new MaskFormatError('its PNG is damaged', { cause })
  }
  return Buffer.concat(kept)
}

/** Bytes of all rows with their filter bytes; interlaced pictures have up to twice as many rows. */
function mostUnpackedBytes(png: Buffer): number {
  const [widthPx, heightPx] = [png.readUInt32BE(16), png.readUInt32BE(20)]
  const bitsPerPixel = png[24]! * (channelsOfColourType[png[25]!] ?? 4)
  const rowBytes = 2 + Math.ceil((widthPx * bitsPerPixel) / 8)
  return 2 * rowBytes * (heightPx + 8)
}
