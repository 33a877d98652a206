import type { BinaryMask } from './binary-mask.ts'
import { rowRuns } from './row-runs.ts'

/**
 * Every pixel whose centre lies within `radiusPx` of a foreground pixel's centre: dilation by the disc
 * x^2 + y^2 <= radius^2, exact. Each run widens the rows around it by the disc's chord there, so the work grows with
 * the number of runs and the radius, not with the disc's area.
 * @param radiusPx 0 or more; need not be whole
 */
export function dilateByDisc(mask: BinaryMask, radiusPx: number): BinaryMask {
  return dilated(mask, 1, radiusPx)
}

/**
 * Every pixel whose whole disc of `radiusPx` is foreground: erosion by the disc. What lies outside the picture does
 * not gnaw at the mask: an object cut off by the border stays at the border.
 * @param radiusPx 0 or more; need not be whole
 */
export function erodeByDisc(mask: BinaryMask, radiusPx: number): BinaryMask {
  const background = dilated(mask, 0, radiusPx)
  for (let i = 0; i < background.data.length; i++) background.data[i]! ^= 1
  return background
}

function dilated(mask: BinaryMask, value: 0 | 1, radiusPx: number): BinaryMask {
  if (!Number.isFinite(radiusPx) || radiusPx < 0)
    throw new RangeError(`A disc cannot have the radius ${radiusPx}`)
  const { widthPx, heightPx } = mask
  const halfChords = discHalfChords(radiusPx)
  const { begins, ends, firstOfRow } = rowRuns(mask, value)
  // Where stretches begin (+1) and end (-1) in each row; their running sum is above zero inside the dilation.
  const stride = widthPx + 1
  const edges = new Int32Array(stride * heightPx)
  for (let y = 0; y < heightPx; y++) {
    if (firstOfRow[y] === firstOfRow[y + 1]) continue
    const top = Math.max(0, y - halfChords.length + 1)
    const bottom = Math.min(heightPx - 1, y + halfChords.length - 1)
    for (let to = top; to <= bottom; to++) {
      const halfChord = halfChords[to < y ? y - to : to - y]!
      const start = to * stride
      for (let run = firstOfRow[y]!; run < firstOfRow[y + 1]!; run++) {
        const begin = begins[run]! - halfChord
        const end = ends[run]! + halfChord
        edges[start + (begin > 0 ? begin : 0)]!++
        edges[start + (end < widthPx ? end : widthPx)]!--
      }
    }
  }
  const data = new Uint8Array(widthPx * heightPx)
  let place = 0
  for (let y = 0; y < heightPx; y++) {
    let depth = 0
    const start = y * stride
    for (let x = 0; x < widthPx; x++) {
      depth += edges[start + x]!
      data[place++] = depth > 0 ? 1 : 0
    }
  }
  return { widthPx, heightPx, data }
}

/** For each row of the disc from its centre: how many pixels it reaches to either side. */
function discHalfChords(radiusPx: number): Int32Array {
  const halfChords = new Int32Array(Math.floor(radiusPx) + 1)
  for (let dy = 0; dy < halfChords.length; dy++) {
    let dx = Math.floor(Math.sqrt(radiusPx * radiusPx - dy * dy))
    while ((dx + 1) * (dx + 1) + dy * dy <= radiusPx * radiusPx) dx++
    while (dx * dx + dy * dy > radiusPx * radiusPx) dx--
    halfChords[dy] = dx
  }
  return halfChords
}
