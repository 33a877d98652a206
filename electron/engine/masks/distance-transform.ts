import type { BinaryMask } from './binary-mask.ts'

/** What `squaredDistances` gives where the picture holds nothing to measure to. */
export const NO_DISTANCE = 2 ** 31 - 1

/**
 * The exact Euclidean distance transform, squared: for every pixel the squared distance, centre to centre, to the
 * nearest pixel of value `target`; 0 on such pixels. Row-major, whole numbers. (Meijster, Roerdink and Hesselink, 2000.)
 * @param outsideIsTarget whether the pixels just outside the picture count as targets too
 */
export function squaredDistances(mask: BinaryMask, target: 0 | 1, outsideIsTarget: boolean): Int32Array {
  const { widthPx, heightPx } = mask
  const vertical = verticalDistances(mask, target, outsideIsTarget)
  const far = widthPx + heightPx
  const distances = new Int32Array(widthPx * heightPx)

  // The lower envelope of one parabola a column: which column rules, and from which pixel on. With targets outside,
  // columns -1 and widthPx take part at height 0; index 0 of the lists is column -1 then.
  const first = outsideIsTarget ? -1 : 0
  const last = outsideIsTarget ? widthPx : widthPx - 1
  const ruler = new Int32Array(last - first + 1)
  const from = new Int32Array(last - first + 1)
  const squares = new Float64Array(widthPx + 2)
  for (let y = 0; y < heightPx; y++) {
    const row = y * widthPx
    for (let x = 0; x < widthPx; x++) squares[x + 1] = vertical[row + x]! * vertical[row + x]!
    let top = 0
    ruler[0] = first
    from[0] = first
    for (let u = first + 1; u <= last; u++) {
      const height = squares[u + 1]!
      for (;;) {
        const i = ruler[top]!
        const t = from[top]!
        if ((t - i) * (t - i) + squares[i + 1]! <= (t - u) * (t - u) + height) {
          const begin = 1 + Math.floor((u * u - i * i + height - squares[i + 1]!) / (2 * (u - i)))
          if (begin <= last) {
            top++
            ruler[top] = u
            from[top] = begin
          }
          break
        }
        if (top === 0) {
          ruler[0] = u
          break
        }
        top--
      }
    }
    for (let x = widthPx - 1; x >= 0; x--) {
      while (from[top]! > x) top--
      const i = ruler[top]!
      distances[row + x] = (x - i) * (x - i) + squares[i + 1]!
    }
  }
  // Without any target, every column is `far` away.
  if (distances[0]! >= far * far) distances.fill(NO_DISTANCE)
  return distances
}

/** Distance to the nearest target straight above or below; width + height where its column has none. */
function verticalDistances(
  { widthPx, heightPx, data }: BinaryMask,
  target: 0 | 1,
  outsideIsTarget: boolean,
): Int32Array {
  const far = widthPx + heightPx
  const distances = new Int32Array(widthPx * heightPx)
  const beyond = outsideIsTarget ? 1 : far
  for (let x = 0; x < widthPx; x++) distances[x] = data[x] === target ? 0 : beyond
  for (let i = widthPx; i < distances.length; i++) {
    const above = distances[i - widthPx]!
    distances[i] = data[i] === target ? 0 : above < far ? above + 1 : far
  }
  const lastRow = (heightPx - 1) * widthPx
  for (let i = lastRow; i < distances.length; i++) if (distances[i]! > beyond) distances[i] = beyond
  for (let i = lastRow - 1; i >= 0; i--) {
    const below = distances[i + widthPx]! + 1
    if (below < distances[i]!) distances[i] = below
  }
  return distances
}
