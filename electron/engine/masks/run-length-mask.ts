import type { RunLengthMask } from '../../contract/mask.ts'
import type { BinaryMask } from './binary-mask.ts'
import { MaskFormatError } from './mask-errors.ts'
import { compressCounts, decompressCounts, MAX_MASK_PIXELS } from './run-length-string.ts'
import { columnMajorTransitions, fillFromCounts } from './run-length-transpose.ts'

function checkedPixelCount(heightPx: number, widthPx: number): number {
  const whole = Number.isInteger(heightPx) && Number.isInteger(widthPx)
  if (!whole || heightPx < 1 || widthPx < 1 || heightPx * widthPx > MAX_MASK_PIXELS) {
    throw new MaskFormatError(`a size of ${widthPx}x${heightPx} pixels is no picture's`)
  }
  return heightPx * widthPx
}

/**
 * Runs as a mask. Empty runs in between are merged away, so that equal masks have equal strings.
 * @param counts runs in column-major order, background first, adding up to heightPx * widthPx
 * @throws MaskFormatError when they do not, or when one is not a whole number of pixels
 */
export function runLengthFromCounts(
  counts: Uint32Array | readonly number[],
  heightPx: number,
  widthPx: number,
): RunLengthMask {
  const pixelCount = checkedPixelCount(heightPx, widthPx)
  let total = 0
  for (const count of counts) {
    if (!Number.isInteger(count) || count < 0) throw new MaskFormatError(`a run has the length ${count}`)
    total += count
  }
  if (total !== pixelCount) throw new MaskFormatError('its runs do not add up to its picture')
  const runs = counts instanceof Uint32Array ? counts : Uint32Array.from(counts)
  return { size: [heightPx, widthPx], counts: compressCounts(withoutEmptyRuns(runs)) }
}

/**
 * The runs of a mask in column-major order, background first. Only the first may be empty: other empty runs,
 * which some tools write, are merged away.
 * @throws MaskFormatError when size or string is damaged
 */
export function runLengthCounts(mask: RunLengthMask): Uint32Array {
  const [heightPx, widthPx] = mask.size
  return withoutEmptyRuns(decompressCounts(mask.counts, checkedPixelCount(heightPx, widthPx)))
}

/** Encodes a mask as COCO run lengths; the string is the one that pycocotools writes. */
export function encodeRunLength(mask: BinaryMask): RunLengthMask {
  const { widthPx, heightPx, data } = mask
  const pixelCount = checkedPixelCount(heightPx, widthPx)
  if (data.length !== pixelCount) {
    throw new MaskFormatError(`${data.length} bytes were given for ${widthPx}x${heightPx} pixels`)
  }
  const transitions = columnMajorTransitions(mask)
  const counts = new Uint32Array(transitions.length + 1)
  let start = 0
  for (let i = 0; i < transitions.length; i++) {
    counts[i] = transitions[i]! - start
    start = transitions[i]!
  }
  counts[transitions.length] = pixelCount - start
  return { size: [heightPx, widthPx], counts: compressCounts(counts) }
}

/**
 * Decodes COCO run lengths to one byte a pixel.
 * @param data where they go, as large as the picture; what was there is lost. A new array by default.
 * @throws MaskFormatError when size or string is damaged
 */
export function decodeRunLength(mask: RunLengthMask, data?: Uint8Array): BinaryMask {
  const [heightPx, widthPx] = mask.size
  const counts = runLengthCounts(mask)
  if (data === undefined) data = new Uint8Array(heightPx * widthPx)
  else data.fill(0)
  fillFromCounts(counts, { widthPx, heightPx, data })
  return { widthPx, heightPx, data }
}

/** A mask without a single foreground pixel: an absent object. */
export function emptyRunLength(heightPx: number, widthPx: number): RunLengthMask {
  return runLengthFromCounts([checkedPixelCount(heightPx, widthPx)], heightPx, widthPx)
}

/** A mask that covers the whole picture. */
export function fullRunLength(heightPx: number, widthPx: number): RunLengthMask {
  return runLengthFromCounts([0, checkedPixelCount(heightPx, widthPx)], heightPx, widthPx)
}

function withoutEmptyRuns(counts: Uint32Array): Uint32Array {
  if (counts.indexOf(0, 1) < 0) return counts
  const merged = new Uint32Array(counts.length)
  let runs = 0
  for (let i = 0; i < counts.length; i++) {
    const value = i & 1
    if (counts[i] === 0 && i > 0) continue
    // Run n of the result has value n & 1; a run of the same value as the last one lengthens it.
    if (runs > 0 && ((runs - 1) & 1) === value) merged[runs - 1]! += counts[i]!
    else merged[runs++] = counts[i]!
  }
  return merged.subarray(0, runs)
}
