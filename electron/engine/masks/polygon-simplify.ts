import type { Polygon } from './polygon-fill.ts'

/**
 * Leaves out vertices of a closed ring as long as none of those left out lies farther than `tolerancePx` from the edge
 * that replaces it (Ramer, Douglas and Peucker). A ring too small for that stays as it is.
 * @param tolerancePx 0 leaves out only what lies exactly on an edge
 */
export function simplifiedRing(ring: Polygon, tolerancePx: number): Polygon {
  if (!(tolerancePx >= 0)) throw new RangeError(`${tolerancePx} pixels are no tolerance`)
  const count = ring.length / 2
  // A ring has no ends: it is opened at two vertices far from each other.
  const start = farthestFrom(ring, 0)
  const middle = farthestFrom(ring, start)
  const kept = new Uint8Array(count)
  kept[start] = kept[middle] = 1
  const limit = tolerancePx * tolerancePx
  const open = [
    [start, middle],
    [middle, start],
  ]
  while (open.length > 0) {
    const [from, to] = open.pop() as [number, number]
    let worst = -1
    let worstDistance = limit
    for (let i = (from + 1) % count; i !== to; i = (i + 1) % count) {
      const distance = squaredDistanceToEdge(ring, i, from, to)
      if (distance > worstDistance) {
        worst = i
        worstDistance = distance
      }
    }
    if (worst < 0) continue
    kept[worst] = 1
    open.push([from, worst], [worst, to])
  }
  const simplified: number[] = []
  for (let i = 0; i < count; i++) if (kept[i]) simplified.push(ring[2 * i]!, ring[2 * i + 1]!)
  return simplified.length < 6 ? ring : simplified
}

function farthestFrom(ring: Polygon, vertex: number): number {
  let farthest = vertex
  let distance = 0
  for (let i = 0; i < ring.length / 2; i++) {
    const [dx, dy] = [ring[2 * i]! - ring[2 * vertex]!, ring[2 * i + 1]! - ring[2 * vertex + 1]!]
    if (dx * dx + dy * dy > distance) {
      distance = dx * dx + dy * dy
      farthest = i
    }
  }
  return farthest
}

function squaredDistanceToEdge(ring: Polygon, vertex: number, from: number, to: number): number {
  const [x, y] = [ring[2 * vertex]! - ring[2 * from]!, ring[2 * vertex + 1]! - ring[2 * from + 1]!]
  const [dx, dy] = [ring[2 * to]! - ring[2 * from]!, ring[2 * to + 1]! - ring[2 * from + 1]!]
  const length = dx * dx + dy * dy
  const along = length === 0 ? 0 : Math.min(Math.max((x * dx + y * dy) / length, 0), 1)
  return (x - along * dx) ** 2 + (y - along * dy) ** 2
}
