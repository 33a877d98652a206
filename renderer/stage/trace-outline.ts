import { sampleCount } from './composite-masks.ts'
import { visitColumn, type MaskRuns, type PixelRect } from './mask-runs.ts'

/** Closed lines in source pixels: x and y of one corner after the other; the last joins the first. */
export type OutlinePath = Float32Array

/**
 * `corners` follows the pixels' edges exactly, as one wants to see them enlarged; `midpoints` goes from edge middle to
 * edge middle, which turns the stairs of a slanted edge into a line.
 */
export type OutlineStyle = 'corners' | 'midpoints'

const RIGHT = 0
const DOWN = 1
const LEFT = 2
const STEP_X = [1, 0, -1, 0] as const
const STEP_Y = [0, 1, 0, -1] as const

/**
 * The lines between foreground and background, foreground on the right hand. Pixels that touch only by a corner are
 * parted. Outside `region` all counts as background, so callers leave a margin around what is seen.
 * @param step every how many source pixels one is taken in both axes; 1 is exact
 */
export function traceOutline(
  runs: MaskRuns,
  region: PixelRect,
  step: number,
  style: OutlineStyle,
): OutlinePath[] {
  const grid = sampledGrid(runs, region, step)
  const { stride, bits } = grid
  // Edges along the top of a pixel, walked to the right; every closed line has one.
  const walked = new Uint8Array(bits.length)
  const paths: OutlinePath[] = []
  for (let y = 1; y <= grid.rows; y++) {
    for (let x = 1; x <= grid.columns; x++) {
      const at = y * stride + x
      if (bits[at] === 0 || bits[at - stride] !== 0 || walked[at] !== 0) continue
      paths.push(follow(grid, walked, x, y, style))
    }
  }
  for (const path of paths) {
    for (let i = 0; i < path.length; i += 2) {
      path[i] = Math.min(runs.widthPx, region.left + path[i]! * step)
      path[i + 1] = Math.min(runs.heightPx, region.top + path[i + 1]! * step)
    }
  }
  return paths
}

interface Grid {
  readonly columns: number
  readonly rows: number
  /** With a border of background all around, so that neighbours need no check. */
  readonly stride: number
  readonly bits: Uint8Array
}

function sampledGrid(runs: MaskRuns, region: PixelRect, step: number): Grid {
  const columns = sampleCount(region.left, region.right, step)
  const rows = sampleCount(region.top, region.bottom, step)
  const stride = columns + 2
  const bits = new Uint8Array(stride * (rows + 2))
  for (let column = 0; column < columns; column++) {
    visitColumn(runs, region.left + column * step, (from, to) => {
      const first = Math.max(0, Math.ceil((from - region.top) / step))
      const end = Math.min(rows, Math.ceil((to - region.top) / step))
      for (let row = first, at = (first + 1) * stride + column + 1; row < end; row++, at += stride)
        bits[at] = 1
    })
  }
  return { columns, rows, stride, bits }
}

/** Walks one closed line from the top edge of the pixel x, y; the answer is in samples from the region's corner. */
function follow(
  grid: Grid,
  walked: Uint8Array,
  startX: number,
  startY: number,
  style: OutlineStyle,
): OutlinePath {
  const { stride, bits } = grid
  const points: number[] = []
  // Corner (x, y) is the upper left one of pixel (x, y) of the bordered grid.
  let x = startX
  let y = startY
  let direction = RIGHT
  let straight = 0
  do {
    if (direction === RIGHT) walked[y * stride + x] = 1
    x += STEP_X[direction]!
    y += STEP_Y[direction]!
    straight++
    const turned = nextDirection(bits, stride, x, y, direction)
    if (turned !== direction) {
      addCorner(points, x - 1, y - 1, direction, straight, style)
      direction = turned
      straight = 0
    }
  } while (x !== startX || y !== startY || direction !== RIGHT)
  return Float32Array.from(points)
}

/** At a corner: right where the pixel ahead on the right is background, left where the one on the left is not. */
function nextDirection(bits: Uint8Array, stride: number, x: number, y: number, direction: number): number {
  const at = y * stride + x
  // The four pixels around the corner, by where a walker looks: ahead right and ahead left.
  const lowerRight = bits[at]!
  const lowerLeft = bits[at - 1]!
  const upperRight = bits[at - stride]!
  const upperLeft = bits[at - stride - 1]!
  let aheadRight: number
  let aheadLeft: number
  if (direction === RIGHT) [aheadRight, aheadLeft] = [lowerRight, upperRight]
  else if (direction === DOWN) [aheadRight, aheadLeft] = [lowerLeft, lowerRight]
  else if (direction === LEFT) [aheadRight, aheadLeft] = [upperLeft, lowerLeft]
  else [aheadRight, aheadLeft] = [upperRight, upperLeft]
  if (aheadRight === 0) return (direction + 1) & 3
  return aheadLeft === 0 ? direction : (direction + 3) & 3
}

/** The points that a straight stretch of `length` edges ending in the corner x, y leaves behind. */
function addCorner(
  points: number[],
  x: number,
  y: number,
  direction: number,
  length: number,
  style: OutlineStyle,
): void {
  if (style === 'corners') {
    points.push(x, y)
    return
  }
  const stepX = STEP_X[direction]!
  const stepY = STEP_Y[direction]!
  if (length > 1) points.push(x - stepX * (length - 0.5), y - stepY * (length - 0.5))
  points.push(x - stepX * 0.5, y - stepY * 0.5)
}
