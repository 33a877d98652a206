import type { BinaryMask } from './binary-mask.ts'
import type { Polygon } from './polygon-fill.ts'
import { simplifiedRing } from './polygon-simplify.ts'
import { tracePieces, type TracedPiece } from './polygon-trace.ts'

/**
 * A mask as polygons for formats that know no holes, COCO among them: one for every piece; a hole is reached by a cut
 * from the outer ring and back along the same way. With tolerance 0, pycocotools and `fillPolygons` give the mask
 * back exactly.
 * @param tolerancePx how far a simplified outline may stray; 0 keeps every corner
 */
export function polygonsOfMask(mask: BinaryMask, tolerancePx = 0): Polygon[] {
  return tracePieces(mask).map(({ outer, holes }) =>
    keyholePolygon(
      tolerancePx === 0
        ? { outer, holes }
        : {
            outer: simplifiedRing(outer, tolerancePx),
            holes: holes.map((hole) => simplifiedRing(hole, tolerancePx)),
          },
    ),
  )
}

/**
 * A mask as one ring for formats that have one outline for an object: from piece to piece it goes along a line and back
 * along the same way, so that `fillPolygon` gives the mask back exactly. Empty for an empty mask.
 */
export function singleRingOfMask(mask: BinaryMask): Polygon {
  const [first, ...others] = polygonsOfMask(mask)
  if (first === undefined) return []
  const ring = [...first]
  const [x, y] = [first[0]!, first[1]!]
  for (const other of others) {
    ring.push(x, y)
    for (const coordinate of other) ring.push(coordinate)
    ring.push(other[0]!, other[1]!)
  }
  return ring
}

/** A piece with its holes cut in: one ring that goes around all of them. */
export function keyholePolygon({ outer, holes }: TracedPiece): Polygon {
  if (holes.length === 0) return outer
  const cuts = new Map<number, Polygon[]>()
  for (const hole of holes) {
    const vertex = nearestVertex(outer, hole[0]!, hole[1]!)
    cuts.set(vertex, [...(cuts.get(vertex) ?? []), hole])
  }
  const polygon: number[] = []
  for (let i = 0; i < outer.length / 2; i++) {
    const [x, y] = [outer[2 * i]!, outer[2 * i + 1]!]
    polygon.push(x, y)
    // Around the hole to where it was entered, and back to the outer ring.
    for (const hole of cuts.get(i) ?? []) {
      for (const coordinate of hole) polygon.push(coordinate)
      polygon.push(hole[0]!, hole[1]!, x, y)
    }
  }
  return polygon
}

function nearestVertex(ring: Polygon, x: number, y: number): number {
  let nearest = 0
  let distance = Infinity
  for (let i = 0; i < ring.length / 2; i++) {
    const candidate = (ring[2 * i]! - x) ** 2 + (ring[2 * i + 1]! - y) ** 2
    if (candidate < distance) {
      distance = candidate
      nearest = i
    }
  }
  return nearest
}
