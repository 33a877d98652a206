import type { BinaryMask } from './binary-mask.ts'
import { connectedComponents } from './connected-components.ts'
import type { Polygon } from './polygon-fill.ts'

/** One piece of a mask: its outer ring and the rings of its holes. */
export interface TracedPiece {
  /** Along the edges of the pixels, clockwise as seen on the screen. */
  readonly outer: Polygon
  /** Along the edges of the pixels, counter-clockwise. */
  readonly holes: readonly Polygon[]
}

/**
 * Traces a mask along the edges of its pixels: one piece for every part whose pixels touch along edges, its vertices at
 * the corners where the outline turns. `fillEvenOdd` of all rings gives the mask back exactly.
 */
export function tracePieces(mask: BinaryMask): TracedPiece[] {
  const { widthPx, heightPx, data } = mask
  const components = connectedComponents(mask, 1, 4)
  const outers = new Array<Polygon>(components.count)
  const holes = Array.from({ length: components.count }, (): Polygon[] => [])
  // Every ring runs rightward above some foreground pixel; those that were passed are not begun from again.
  const passed = new Uint8Array(data.length)
  const { begins, ends, firstOfRow } = components.runs
  for (let y = 0; y < heightPx; y++) {
    for (let run = firstOfRow[y]!; run < firstOfRow[y + 1]!; run++) {
      const component = components.componentOfRun[run]!
      for (let x = begins[run]!; x < ends[run]!; x++) {
        const place = y * widthPx + x
        if (passed[place] || (y > 0 && data[place - widthPx])) continue
        const ring = follow(mask, x, y, passed)
        // A component's first pixel in reading order lies on its outer ring, so that ring is met first.
        if (outers[component] === undefined) outers[component] = ring
        else holes[component]!.push(ring)
      }
    }
  }
  return outers.map((outer, component) => ({ outer, holes: holes[component]! }))
}

// Clockwise from rightward: the step of each direction, and the pixels ahead to its right and left as seen from a corner.
const STEP_X = [1, 0, -1, 0]
const STEP_Y = [0, 1, 0, -1]
const RIGHT_X = [0, -1, -1, 0]
const RIGHT_Y = [0, 0, -1, -1]

/** Follows the ring above pixel (x, y), the foreground to its right, until it closes. */
function follow({ widthPx, heightPx, data }: BinaryMask, x: number, y: number, passed: Uint8Array): number[] {
  const isForeground = (column: number, row: number): boolean =>
    column >= 0 && row >= 0 && column < widthPx && row < heightPx && data[row * widthPx + column] === 1
  const ring: number[] = []
  let direction = 0
  let [cornerX, cornerY] = [x, y]
  for (;;) {
    if (direction === 0) {
      const place = cornerY * widthPx + cornerX
      if (passed[place]) break
      passed[place] = 1
    }
    cornerX += STEP_X[direction]!
    cornerY += STEP_Y[direction]!
    const right = isForeground(cornerX + RIGHT_X[direction]!, cornerY + RIGHT_Y[direction]!)
    // The pixel ahead to the left is the one to the right of a left turn.
    const leftward = (direction + 3) % 4
    const left = isForeground(cornerX + RIGHT_X[leftward]!, cornerY + RIGHT_Y[leftward]!)
    if (right && !left) continue
    ring.push(cornerX, cornerY)
    direction = right ? leftward : (direction + 1) % 4
  }
  return ring
}
