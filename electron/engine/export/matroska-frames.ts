/**
 * The smallest Matroska stream that carries uncompressed pictures with exact times, for ffmpeg's standard input.
 * A raw pipe has no times at all, and every other way of giving ffmpeg uneven ones goes through files.
 *
 * Layout (RFC 9559): EBML header, Segment of unknown size, Info (time stamps in nanoseconds), one track with codec
 * V_UNCOMPRESSED, then one Cluster for each picture with one BlockGroup that has the picture's duration.
 */

/** Byte order of a picture: 3, 4 or 1 bytes a pixel, row-major. */
export type PixelLayout = 'rgb24' | 'rgba' | 'gray'

export const BYTES_PER_PIXEL: Readonly<Record<PixelLayout, number>> = { rgb24: 3, rgba: 4, gray: 1 }

/** The FourCC by which Matroska and ffmpeg name the layout. */
const colourSpaces: Readonly<Record<PixelLayout, string>> = { rgb24: 'RGB\x18', rgba: 'RGBA', gray: 'Y800' }

export interface MatroskaPictureFormat {
  readonly widthPx: number
  readonly heightPx: number
  readonly layout: PixelLayout
  /** A hint for encoders; the frames' own times count. */
  readonly averageFrameRate: number
}

const unknownSize = Buffer.from('01ffffffffffffff', 'hex')

/** Everything before the first picture. */
export function matroskaHeader({
  widthPx,
  heightPx,
  layout,
  averageFrameRate,
}: MatroskaPictureFormat): Buffer {
  const header = element('1a45dfa3', [
    unsigned('4286', 1n), // EBMLVersion
    unsigned('42f7', 1n), // EBMLReadVersion
    unsigned('42f2', 4n), // EBMLMaxIDLength
    unsigned('42f3', 8n), // EBMLMaxSizeLength
    text('4282', 'matroska'), // DocType
    unsigned('4287', 4n), // DocTypeVersion
    unsigned('4285', 2n), // DocTypeReadVersion
  ])
  const info = element('1549a966', [
    unsigned('2ad7b1', 1n), // TimestampScale: nanoseconds
    text('4d80', 'maskwright'), // MuxingApp
    text('5741', 'maskwright'), // WritingApp
  ])
  const video = element('e0', [
    unsigned('b0', BigInt(widthPx)), // PixelWidth
    unsigned('ba', BigInt(heightPx)), // PixelHeight
    element('2eb524', [Buffer.from(colourSpaces[layout], 'latin1')]), // ColourSpace
  ])
  const track = element('ae', [
    unsigned('d7', 1n), // TrackNumber
    unsigned('73c5', 1n), // TrackUID
    unsigned('83', 1n), // TrackType: video
    unsigned('9c', 0n), // FlagLacing
    unsigned('23e383', BigInt(Math.max(1, Math.round(1e9 / averageFrameRate)))), // DefaultDuration
    text('86', 'V_UNCOMPRESSED'), // CodecID
    video,
  ])
  const segment = Buffer.concat([Buffer.from('18538067', 'hex'), unknownSize])
  return Buffer.concat([header, segment, info, element('1654ae6b', [track])])
}

/** Everything between the previous picture and the next one's pixels. */
export function matroskaPictureHeader(
  pixelBytes: number,
  timeNanoseconds: bigint,
  durationNanoseconds: bigint,
): Buffer {
  // Block: track 1, time relative to the cluster 0, no flags.
  const blockStart = Buffer.from([0x81, 0, 0, 0])
  const blockHeader = elementHeader('a1', blockStart.length + pixelBytes)
  const duration = unsigned('9b', durationNanoseconds)
  const blockBytes = blockHeader.length + blockStart.length + pixelBytes
  const groupHeader = elementHeader('a0', duration.length + blockBytes)
  const time = unsigned('e7', timeNanoseconds)
  const clusterBytes = time.length + groupHeader.length + duration.length + blockBytes
  // The duration goes before the block, so that the pixels come last and need no copy.
  const cluster = elementHeader('1f43b675', clusterBytes)
  return Buffer.concat([cluster, time, groupHeader, duration, blockHeader, blockStart])
}

function element(id: string, children: readonly Buffer[]): Buffer {
  const body = Buffer.concat(children)
  return Buffer.concat([elementHeader(id, body.length), body])
}

function elementHeader(id: string, bodyBytes: number): Buffer {
  // A size of eight bytes: a marker bit in the first, 56 bits of value.
  const size = Buffer.alloc(8)
  size.writeBigUInt64BE(BigInt(bodyBytes))
  size[0] = 1
  return Buffer.concat([Buffer.from(id, 'hex'), size])
}

function unsigned(id: string, value: bigint): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(value)
  return element(id, [bytes])
}

function text(id: string, value: string): Buffer {
  return element(id, [Buffer.from(value, 'latin1')])
}
