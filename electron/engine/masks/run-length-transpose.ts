import type { BinaryMask } from './binary-mask.ts'

/**
 * Where a mask changes its value along column-major order, as ascending column-major positions. Position 0 is listed
 * when the first pixel is foreground.
 *
 * The mask lies row by row, so walking its columns would miss the cache at every step. Vertical neighbours are
 * compared row by row instead, four pixels at a time where rows are word-aligned, and the few places that differ are
 * then sorted by column.
 */
export function columnMajorTransitions(mask: BinaryMask): Uint32Array {
  const { widthPx, heightPx, data } = mask
  const places = verticalChanges(mask)
  const lastRow = (heightPx - 1) * widthPx

  const columnStart = new Uint32Array(widthPx + 1)
  for (let i = 0; i < places.length; i++) columnStart[(places[i]! % widthPx) + 1]!++
  let before = 0
  for (let x = 0; x < widthPx; x++) {
    if (data[x] !== before) columnStart[x + 1]!++
    before = data[lastRow + x]!
  }
  for (let x = 0; x < widthPx; x++) columnStart[x + 1]! += columnStart[x]!

  const transitions = new Uint32Array(columnStart[widthPx]!)
  before = 0
  for (let x = 0; x < widthPx; x++) {
    if (data[x] !== before) transitions[columnStart[x]!++] = x * heightPx
    before = data[lastRow + x]!
  }
  for (let i = 0; i < places.length; i++) {
    const x = places[i]! % widthPx
    transitions[columnStart[x]!++] = x * heightPx + (places[i]! - x) / widthPx
  }
  return transitions
}

/** Row-major places of pixels that differ from the pixel above them, ascending. */
function verticalChanges({ widthPx, data }: BinaryMask): Uint32Array {
  let places = new Uint32Array(4096)
  let count = 0
  const note = (place: number): void => {
    if (count === places.length) {
      const larger = new Uint32Array(places.length * 4)
      larger.set(places)
      places = larger
    }
    places[count++] = place
  }
  const words = alignedWords(data, widthPx)
  if (words) {
    const stride = widthPx >> 2
    for (let i = stride; i < words.length; i++) {
      if (words[i] === words[i - stride]) continue
      for (let k = i << 2; k < (i << 2) + 4; k++) if (data[k] !== data[k - widthPx]) note(k)
    }
  } else {
    for (let i = widthPx; i < data.length; i++) if (data[i] !== data[i - widthPx]) note(i)
  }
  return places.subarray(0, count)
}

/**
 * Draws runs into a zeroed mask: marks where each column changes its value, then lets every row take over the row
 * above it where nothing is marked (exclusive or), again in memory order.
 * @param counts runs in column-major order, background first, adding up to the mask's pixels
 */
export function fillFromCounts(counts: Uint32Array, mask: BinaryMask): void {
  const { widthPx, heightPx, data } = mask
  let position = 0
  let firstRow = heightPx
  for (let i = 0; i + 1 < counts.length; i += 2) {
    const begin = position + counts[i]!
    const end = begin + counts[i + 1]!
    position = end
    let x = Math.floor(begin / heightPx)
    let y = begin - x * heightPx
    for (let at = begin; at < end; x++, y = 0) {
      data[y * widthPx + x]! ^= 1
      if (y < firstRow) firstRow = y
      at += heightPx - y
      // The run ends inside this column: switch off again there.
      if (at > end) data[(heightPx - (at - end)) * widthPx + x]! ^= 1
    }
  }
  const words = alignedWords(data, widthPx)
  if (words) {
    const stride = widthPx >> 2
    for (let i = (firstRow + 1) * stride; i < words.length; i++) words[i]! ^= words[i - stride]!
  } else {
    for (let i = (firstRow + 1) * widthPx; i < data.length; i++) data[i]! ^= data[i - widthPx]!
  }
}

/** The bytes as words of four pixels, when no word straddles two rows. */
function alignedWords(data: Uint8Array, widthPx: number): Int32Array | null {
  if (widthPx % 4 !== 0 || data.byteOffset % 4 !== 0) return null
  return new Int32Array(data.buffer, data.byteOffset, data.length >> 2)
}
