import { MaskFormatError } from './mask-errors.ts'

/** The largest picture whose masks are read, in pixels. Beyond it a size field is taken for damage. */
export const MAX_MASK_PIXELS = 2 ** 28

const FIRST_CHARACTER = 48
const GROUP_BITS = 5
const CONTINUES = 0x20
const SIGN = 0x10
/** Seven groups of five bits hold every difference of two counts below 2^31. */
const MAX_GROUPS = 7

/**
 * Writes run lengths as the compressed string of COCO's run-length encoding, exactly as pycocotools does:
 * from the fourth count on, the difference to the count two places before, as variable-length groups of five bits.
 * @param counts runs in column-major order, background first, each 0 to 2^31 - 1
 */
export function compressCounts(counts: Uint32Array): string {
  const bytes = Buffer.allocUnsafe(counts.length * MAX_GROUPS)
  let length = 0
  for (let i = 0; i < counts.length; i++) {
    let value = counts[i]! | 0
    if (i > 2) value -= counts[i - 2]!
    for (;;) {
      const group = value & 0x1f
      value >>= GROUP_BITS
      const more = group & SIGN ? value !== -1 : value !== 0
      bytes[length++] = (more ? group | CONTINUES : group) + FIRST_CHARACTER
      if (!more) break
    }
  }
  return bytes.toString('latin1', 0, length)
}

/**
 * Reads the compressed string of COCO's run-length encoding, as written, empty runs included.
 * @param pixelCount height times width of the picture; the counts must add up to exactly this
 * @throws MaskFormatError for characters outside the alphabet, a number that is cut off or too long, a negative
 * count, and counts that do not add up to `pixelCount`
 */
export function decompressCounts(compressed: string, pixelCount: number): Uint32Array {
  const counts = new Uint32Array(compressed.length)
  let runs = 0
  let total = 0
  let position = 0
  while (position < compressed.length) {
    let value = 0
    let groups = 0
    for (;;) {
      // NaN past the end: both comparisons below fail.
      const code = compressed.charCodeAt(position++) - FIRST_CHARACTER
      if (!(code >= 0 && code < 64)) {
        throw new MaskFormatError(
          position > compressed.length
            ? 'its run-length string is cut off'
            : `its run-length string has a foreign character at position ${position - 1}`,
        )
      }
      const group = code & 0x1f
      if (groups === MAX_GROUPS - 1 && group >> 1 !== 0 && group >> 1 !== 0xf) {
        throw new MaskFormatError('its run-length string has a number too large for any picture')
      }
      value |= group << (GROUP_BITS * groups)
      groups++
      if (!(code & CONTINUES)) {
        if (group & SIGN && groups < MAX_GROUPS) value |= -1 << (GROUP_BITS * groups)
        break
      }
      if (groups === MAX_GROUPS) {
        throw new MaskFormatError('its run-length string has a number too large for any picture')
      }
    }
    if (runs > 2) value += counts[runs - 2]!
    if (value < 0) throw new MaskFormatError(`run ${runs} has a negative length`)
    total += value
    if (total > pixelCount) throw new MaskFormatError('its runs are longer than its picture')
    counts[runs++] = value
  }
  if (total !== pixelCount) throw new MaskFormatError('its runs do not fill its picture')
  return counts.subarray(0, runs)
}
