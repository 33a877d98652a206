import { promisify } from 'node:util'
import { crc32, deflate, constants as zlib } from 'node:zlib'
import type { RunLengthMask } from '../../contract/mask.ts'
import type { Colour, LabelPicture } from './label-picture.ts'
import { MaskFormatError } from './mask-errors.ts'
import { runLengthCounts } from './run-length-mask.ts'

const deflated = promisify(deflate)
const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
const GREY = 0
const PALETTE = 3
const FILTER_UP = 2

/**
 * Writes a mask as a grey PNG of 8 bits, 0 and 255. Straight from the run lengths: with the filter "up" a row is its
 * difference to the row above, which is zero but at the ends of runs. Compression runs outside this thread.
 * @throws MaskFormatError when the mask is damaged
 */
export async function encodeMaskPng(mask: RunLengthMask): Promise<Buffer> {
  const [heightPx, widthPx] = mask.size
  const counts = runLengthCounts(mask)
  const stride = widthPx + 1
  const rows = Buffer.alloc(stride * heightPx)
  for (let y = 0; y < heightPx; y++) rows[y * stride] = FILTER_UP
  let position = 0
  for (let i = 0; i + 1 < counts.length; i += 2) {
    const begin = position + counts[i]!
    const end = begin + counts[i + 1]!
    position = end
    let x = Math.floor(begin / heightPx)
    let y = begin - x * heightPx
    for (let at = begin; at < end; x++, y = 0) {
      rows[y * stride + 1 + x] = 255
      at += heightPx - y
      // The run ends inside this column: 255 + 1 is 0 again.
      if (at > end) rows[(heightPx - (at - end)) * stride + 1 + x] = 1
    }
  }
  return png(widthPx, heightPx, GREY, rows, [])
}

/**
 * Writes labels as an indexed PNG of 8 bits: the labels are the indices, exactly.
 * @param palette up to 256 colours, one for every label that occurs
 * @throws MaskFormatError when the palette does not fit the labels
 */
export async function encodeIndexedPng(
  picture: LabelPicture & { readonly labels: Uint8Array },
  palette: readonly Colour[],
): Promise<Buffer> {
  const { widthPx, heightPx, labels } = picture
  let highest = 0
  for (let i = 0; i < labels.length; i++) if (labels[i]! > highest) highest = labels[i]!
  if (palette.length > 256 || highest >= palette.length) {
    throw new MaskFormatError(`a palette of ${palette.length} colours does not fit labels up to ${highest}`)
  }
  const stride = widthPx + 1
  const rows = Buffer.alloc(stride * heightPx)
  for (let y = 0; y < heightPx; y++) {
    rows.set(labels.subarray(y * widthPx, (y + 1) * widthPx), y * stride + 1)
  }
  return png(widthPx, heightPx, PALETTE, rows, [chunk('PLTE', Buffer.from(palette.flat()))])
}

async function png(
  widthPx: number,
  heightPx: number,
  colourType: number,
  rows: Buffer,
  between: readonly Buffer[],
): Promise<Buffer> {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(widthPx, 0)
  header.writeUInt32BE(heightPx, 4)
  header[8] = 8
  header[9] = colourType
  // Runs are all there is to find in such rows: looking for nothing else makes them smaller, and sooner.
  const data = await deflated(rows, { level: zlib.Z_BEST_SPEED, strategy: zlib.Z_RLE })
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    ...between,
    chunk('IDAT', data),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, content: Buffer): Buffer {
  const bytes = Buffer.alloc(content.length + 12)
  bytes.writeUInt32BE(content.length, 0)
  bytes.write(type, 4, 'latin1')
  content.copy(bytes, 8)
  bytes.writeUInt32BE(crc32(bytes.subarray(4, content.length + 8)), content.length + 8)
  return bytes
}
