import type { RunLengthMask } from '../../contract/mask.ts'
import { MaskFormatError } from './mask-errors.ts'
import { emptyRunLength, runLengthFromCounts } from './run-length-mask.ts'
import { unionRunLength } from './run-length-sets.ts'

/**
 * A closed polygon as COCO has it: x, y, x, y, … in pixels; the last vertex joins the first. Pixel (0, 0) covers 0 to 1
 * on both axes. Vertices may lie outside the picture.
 */
export type Polygon = readonly number[]

/** pycocotools lays polygons on a grid this many times finer than the pixels. */
const SCALE = 5
/** Beyond this the fine grid leaves the 32 bits that pycocotools has for it. */
const MAX_COORDINATE = 4e8
/** An outline that zigzags over more columns than this is no object's, and its crossings would not fit into memory. */
const MAX_CROSSINGS = 2 ** 25

/**
 * Fills a polygon exactly as pycocotools' `frPyObjects` does: vertices are rounded to fifths of a pixel, and in each
 * column of pixels the outline is crossed at the column's centre; what is crossed an odd number of times is inside.
 * @throws MaskFormatError for fewer than three vertices, half a vertex, and coordinates that are no numbers or absurd,
 * and an outline that crosses the picture's columns more than 2^25 times
 */
export function fillPolygon(polygon: Polygon, heightPx: number, widthPx: number): RunLengthMask {
  return fillEvenOdd([polygon], heightPx, widthPx)
}

/** Fills polygons that together make one object, as pycocotools does: each for itself, then their union. */
export function fillPolygons(polygons: readonly Polygon[], heightPx: number, widthPx: number): RunLengthMask {
  return polygons
    .map((polygon) => fillPolygon(polygon, heightPx, widthPx))
    .reduce(unionRunLength, emptyRunLength(heightPx, widthPx))
}

/**
 * Fills several rings at once, pixel by pixel where pycocotools would: inside is what lies in an odd number of them, so
 * that a ring within a ring is a hole.
 */
export function fillEvenOdd(rings: readonly Polygon[], heightPx: number, widthPx: number): RunLengthMask {
  const crossings: number[] = []
  for (const ring of rings) {
    const vertices = ring.length / 2
    if (!Number.isInteger(vertices) || vertices < 3) {
      throw new MaskFormatError(`a polygon has ${ring.length} coordinates`)
    }
    const { xs, ys } = onFineGrid(ring)
    for (let i = 0; i < vertices; i++) {
      const next = i + 1 < vertices ? i + 1 : 0
      const [fromX, fromY, toX, toY] = [xs[i]!, ys[i]!, xs[next]!, ys[next]!]
      const wide = Math.abs(toX - fromX) >= Math.abs(toY - fromY)
      // Edges run the way their longer side grows.
      const forward = wide ? fromX <= toX : fromY <= toY
      const edge = forward ? { fromX, fromY, toX, toY } : { fromX: toX, fromY: toY, toX: fromX, toY: fromY }
      if (wide) crossWideEdge(edge, heightPx, widthPx, crossings)
      else crossSteepEdge(edge, heightPx, widthPx, crossings)
      if (crossings.length > MAX_CROSSINGS)
        throw new MaskFormatError('a polygon crosses its picture more often than any outline')
    }
  }
  crossings.push(heightPx * widthPx)
  const places = Float64Array.from(crossings).sort()
  const counts = new Uint32Array(places.length)
  let before = 0
  for (let i = 0; i < places.length; i++) {
    counts[i] = places[i]! - before
    before = places[i]!
  }
  return runLengthFromCounts(counts, heightPx, widthPx)
}

function onFineGrid(ring: Polygon): { xs: Int32Array; ys: Int32Array } {
  const xs = new Int32Array(ring.length / 2)
  const ys = new Int32Array(ring.length / 2)
  for (let i = 0; i < ring.length; i++) {
    if (!(Math.abs(ring[i]!) <= MAX_COORDINATE)) {
      throw new MaskFormatError(`a polygon has the coordinate ${ring[i]}`)
    }
    // C's conversion to int cuts off towards zero.
    const fine = Math.trunc(SCALE * ring[i]! + 0.5)
    if (i % 2 === 0) xs[i >> 1] = fine
    else ys[i >> 1] = fine
  }
  return { xs, ys }
}

interface Edge {
  readonly fromX: number
  readonly fromY: number
  readonly toX: number
  readonly toY: number
}

// The centre of column c lies between the fine columns 5c + 2 and 5c + 3; an edge crosses it where it steps from one to
// the other, at the upper of its two points there.

/** An edge at least as wide as high has one point in every fine column. */
function crossWideEdge(edge: Edge, heightPx: number, widthPx: number, crossings: number[]): void {
  const { fromX, fromY, toX, toY } = edge
  const slope = (toY - fromY) / (toX - fromX)
  const first = Math.max(0, Math.ceil((fromX - 2) / SCALE))
  const last = Math.min(widthPx - 1, Math.floor((toX - 3) / SCALE))
  for (let column = first; column <= last; column++) {
    const t = SCALE * column + 2 - fromX
    const here = Math.trunc(fromY + slope * t + 0.5)
    const next = Math.trunc(fromY + slope * (t + 1) + 0.5)
    crossings.push(column * heightPx + rowOf(Math.min(here, next), heightPx))
  }
}

/** A steeper edge has one point in every fine row; its column changes by one at most from row to row. */
function crossSteepEdge(edge: Edge, heightPx: number, widthPx: number, crossings: number[]): void {
  const { fromX, fromY, toX, toY } = edge
  const slope = (toX - fromX) / (toY - fromY)
  const rows = toY - fromY
  const columnAt = (t: number): number => Math.trunc(fromX + slope * t + 0.5)
  const first = Math.max(0, Math.ceil((Math.min(fromX, toX) - 2) / SCALE))
  const last = Math.min(widthPx - 1, Math.floor((Math.max(fromX, toX) - 3) / SCALE))
  for (let column = first; column <= last; column++) {
    // The last point before the step, estimated and then put right by the points themselves.
    const edgeColumn = SCALE * column + 2
    const before = (t: number): boolean => (slope > 0 ? columnAt(t) <= edgeColumn : columnAt(t) > edgeColumn)
    let t = Math.min(Math.max(Math.floor((edgeColumn + 0.5 - fromX) / slope), 0), rows - 1)
    while (t > 0 && !before(t)) t--
    while (t + 1 < rows && before(t + 1)) t++
    crossings.push(column * heightPx + rowOf(t + fromY, heightPx))
  }
}

/** The first pixel row whose centre lies below a fine row. */
function rowOf(fineRow: number, heightPx: number): number {
  const row = (fineRow + 0.5) / SCALE - 0.5
  return Math.ceil(Math.min(Math.max(row, 0), heightPx))
}
