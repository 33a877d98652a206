import type { RunLengthMask } from '../../electron/contract/mask.ts'

/** A mask as one byte a pixel, row by row: 1 inside, 0 outside. */
export interface Bitmap {
  readonly widthPx: number
  readonly heightPx: number
  readonly pixels: Uint8Array
}

const FIRST_CHARACTER = 48
const CONTINUES = 0x20
const NEGATIVE = 0x10
const PAYLOAD = 0x1f

/**
 * Reads compressed COCO counts: base-32 digits, lowest first; from the fourth run on, the difference to the run two
 * before. Answers run lengths in column-major order, background first.
 */
export function readRuns(counts: string): Uint32Array {
  // A run takes a character at least.
  const runs = new Uint32Array(counts.length)
  let count = 0
  let position = 0
  while (position < counts.length) {
    let value = 0
    let shift = 0
    let digit: number
    do {
      digit = counts.charCodeAt(position++) - FIRST_CHARACTER
      value |= (digit & PAYLOAD) << shift
      shift += 5
    } while ((digit & CONTINUES) !== 0 && position < counts.length)
    if ((digit & NEGATIVE) !== 0 && shift < 32) value |= -1 << shift
    if (count > 2) value += runs[count - 2]!
    runs[count++] = value
  }
  return runs.subarray(0, count)
}

/** Writes run lengths the way `readRuns` reads them. */
export function writeRuns(runs: ArrayLike<number>): string {
  const characters: string[] = []
  for (let index = 0; index < runs.length; index++) {
    let value = runs[index]!
    if (index > 2) value -= runs[index - 2]!
    let more = true
    while (more) {
      let digit = value & PAYLOAD
      value >>= 5
      more = (digit & NEGATIVE) !== 0 ? value !== -1 : value !== 0
      if (more) digit |= CONTINUES
      characters.push(String.fromCharCode(digit + FIRST_CHARACTER))
    }
  }
  return characters.join('')
}

/** Unpacks a mask. Runs beyond the picture are dropped, missing ones are background. */
export function decodeMask(mask: RunLengthMask): Bitmap {
  const [heightPx, widthPx] = mask.size
  const pixels = new Uint8Array(widthPx * heightPx)
  let place = 0
  let inside = false
  for (const run of readRuns(mask.counts)) {
    const end = Math.min(place + run, pixels.length)
    if (inside) {
      let y = place % heightPx
      let at = y * widthPx + (place - y) / heightPx
      for (; place < end; place++) {
        pixels[at] = 1
        y += 1
        if (y === heightPx) {
          y = 0
          at = (place + 1) / heightPx
        } else at += widthPx
      }
    }
    place = end
    inside = !inside
  }
  return { widthPx, heightPx, pixels }
}

/** Packs a bitmap; anything but 0 is inside. */
export function encodeMask(bitmap: Bitmap): RunLengthMask {
  const { widthPx, heightPx, pixels } = bitmap
  const runs: number[] = []
  let run = 0
  let inside = 0
  for (let x = 0; x < widthPx; x++) {
    for (let at = x; at < pixels.length; at += widthPx) {
      const pixel = pixels[at] === 0 ? 0 : 1
      if (pixel !== inside) {
        runs.push(run)
        run = 0
        inside = pixel
      }
      run += 1
    }
  }
  runs.push(run)
  return { size: [heightPx, widthPx], counts: writeRuns(runs) }
}

/** Edges of the mask in pixels, right and bottom behind the last one; null for an empty mask. */
export interface MaskBounds {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/** The smallest box around a mask, read off its runs without unpacking it. */
export function maskBounds(mask: RunLengthMask): MaskBounds | null {
  const [heightPx] = mask.size
  let left = Infinity
  let top = Infinity
  let right = 0
  let bottom = 0
  let place = 0
  let inside = false
  for (const run of readRuns(mask.counts)) {
    if (inside && run > 0) {
      const last = place + run - 1
      const firstColumn = Math.floor(place / heightPx)
      const lastColumn = Math.floor(last / heightPx)
      const manyColumns = lastColumn > firstColumn
      left = Math.min(left, firstColumn)
      right = Math.max(right, lastColumn + 1)
      top = Math.min(top, manyColumns ? 0 : place % heightPx)
      bottom = Math.max(bottom, manyColumns ? heightPx : (last % heightPx) + 1)
    }
    place += run
    inside = !inside
  }
  return right === 0 ? null : { left, top, right, bottom }
}
