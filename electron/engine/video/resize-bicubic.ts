import { axisWeights, type AxisWeights } from './bicubic-weights.ts'
import { resizeKernel } from './resize-kernel.ts'

/**
 * Pillow's resize with Resampling.BICUBIC on 8-bit RGB, to the byte: the official loader brings frames to the model's
 * size with it. The filter widens when it shrinks a picture (antialiasing), rows first, then columns, each pass in
 * fixed point and rounded to 8 bits.
 */

const pageBytes = 2 ** 16
/** The kernel's passes read and write a little beyond the pixels. */
const overrunBytes = 16

/**
 * Resizes a row-major RGB picture, 3 bytes a pixel. The answer is a new array, also when the size stays.
 * @param rgb heightPx * widthPx * 3 bytes
 * @returns outHeightPx * outWidthPx * 3 bytes
 * @throws RangeError when a size is not a positive whole number or does not fit the pixels
 */
export function resizeBicubic(
  rgb: Uint8Array,
  widthPx: number,
  heightPx: number,
  outWidthPx: number,
  outHeightPx: number,
): Uint8Array {
  for (const size of [widthPx, heightPx, outWidthPx, outHeightPx]) {
    if (!Number.isInteger(size) || size < 1)
      throw new RangeError(`A picture cannot be ${size} pixels wide or high.`)
  }
  if (rgb.length !== widthPx * heightPx * 3) {
    throw new RangeError(`${rgb.length} bytes are no RGB picture of ${widthPx} x ${heightPx} pixels.`)
  }
  const columns = outWidthPx === widthPx ? null : axisWeights(widthPx, outWidthPx)
  const rows = outHeightPx === heightPx ? null : axisWeights(heightPx, outHeightPx)
  if (columns === null && rows === null) return rgb.slice()

  const outRowBytes = outWidthPx * 3
  const room = new Room()
  const source = room.take(rgb.length)
  const between = columns === null ? source : room.take(outRowBytes * heightPx)
  const target = rows === null ? between : room.take(outRowBytes * outHeightPx)
  const columnPlaces = columns && placesFor(room, columns)
  const rowPlaces = rows && placesFor(room, rows)
  const memory = room.open()
  memory.set(rgb, source)
  if (columns && columnPlaces) {
    const { starts, counts, weights } = laid(memory, columns, columnPlaces)
    resizeKernel.rows(
      ...([source, between, widthPx * 3, heightPx, outWidthPx] as const),
      ...([columns.taps, starts, counts, weights] as const),
    )
  }
  if (rows && rowPlaces) {
    const { starts, counts, weights } = laid(memory, rows, rowPlaces)
    resizeKernel.columns(between, target, outRowBytes, outHeightPx, rows.taps, starts, counts, weights)
  }
  return memory.slice(target, target + outRowBytes * outHeightPx)
}

/** Addresses in the kernel's memory. */
class Room {
  private end = 0

  /** Reserves bytes, with the overrun behind them. */
  take(bytes: number): number {
    const begin = this.end
    this.end = begin + Math.ceil((bytes + overrunBytes) / 16) * 16
    return begin
  }

  /** The kernel's memory, as large as all that was taken at least. */
  open(): Uint8Array {
    const { memory } = resizeKernel
    const missing = this.end - memory.buffer.byteLength
    if (missing > 0) memory.grow(Math.ceil(missing / pageBytes))
    return new Uint8Array(memory.buffer)
  }
}

interface AxisPlaces {
  readonly starts: number
  readonly counts: number
  readonly weights: number
}

function placesFor(room: Room, { starts, counts, weights }: AxisWeights): AxisPlaces {
  return {
    starts: room.take(starts.byteLength),
    counts: room.take(counts.byteLength),
    weights: room.take(weights.byteLength),
  }
}

/** Lays an axis' weights into the kernel's memory. */
function laid(memory: Uint8Array, axis: AxisWeights, places: AxisPlaces): AxisPlaces {
  const words = new Int32Array(memory.buffer)
  words.set(axis.starts, places.starts >> 2)
  words.set(axis.counts, places.counts >> 2)
  words.set(axis.weights, places.weights >> 2)
  return places
}
