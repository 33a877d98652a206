import type { Box, Prompt } from '../../electron/contract/prompts.ts'
import { runsArea, runsContain, type MaskRuns } from './mask-runs.ts'
import { toStage, type Point, type ViewTransform } from './view-transform.ts'

/** A mask that can be picked. */
export interface PickableMask {
  readonly objectId: number
  readonly runs: MaskRuns
}

/**
 * The object whose mask holds the pixel. Where several do, the smallest: a large one can be picked beside it, the
 * small one nowhere else.
 */
export function objectAt(masks: readonly PickableMask[], pixel: Point): number | null {
  let found: number | null = null
  let smallest = Infinity
  for (const { objectId, runs } of masks) {
    if (!runsContain(runs, pixel.x, pixel.y)) continue
    const area = runsArea(runs)
    if (area < smallest) {
      smallest = area
      found = objectId
    }
  }
  return found
}

export type BoxCorner = 'topLeft' | 'topRight' | 'bottomLeft' | 'bottomRight'

/** What of a prompt lies under the pointer. `edge` is any side of a box. */
export interface PromptHit {
  readonly promptId: number
  readonly part: 'point' | 'edge' | BoxCorner
}

const POINT_REACH_PX = 11
const CORNER_REACH_PX = 9
const EDGE_REACH_PX = 5

/** Where a point prompt is drawn: in the middle of its pixel. */
export function pointCentre(point: Point): Point {
  return { x: point.x + 0.5, y: point.y + 0.5 }
}

/** The corners of a box in its coordinates. */
export function boxCorners(box: Box): Record<BoxCorner, Point> {
  return {
    topLeft: { x: box.left, y: box.top },
    topRight: { x: box.right, y: box.top },
    bottomLeft: { x: box.left, y: box.bottom },
    bottomRight: { x: box.right, y: box.bottom },
  }
}

/** The prompt under the pointer (CSS pixels of the stage): nearest point first, then corners, then sides of boxes. */
export function promptAt(
  prompts: readonly Prompt[],
  transform: ViewTransform,
  pointer: Point,
): PromptHit | null {
  let best: PromptHit | null = null
  let nearest = Infinity
  const offer = (hit: PromptHit, distance: number, reach: number): void => {
    if (distance > reach || distance >= nearest) return
    nearest = distance
    best = hit
  }
  const distanceTo = (source: Point): number => {
    const stage = toStage(transform, source)
    return Math.hypot(stage.x - pointer.x, stage.y - pointer.y)
  }
  for (const prompt of prompts) {
    if (prompt.kind === 'point') {
      offer({ promptId: prompt.id, part: 'point' }, distanceTo(pointCentre(prompt)), POINT_REACH_PX)
    }
  }
  if (best !== null) return best
  for (const prompt of prompts) {
    if (prompt.kind !== 'box') continue
    for (const [part, corner] of Object.entries(boxCorners(prompt.box)) as [BoxCorner, Point][]) {
      offer({ promptId: prompt.id, part }, distanceTo(corner), CORNER_REACH_PX)
    }
  }
  if (best !== null) return best
  for (const prompt of prompts) {
    if (prompt.kind !== 'box') continue
    offer(
      { promptId: prompt.id, part: 'edge' },
      distanceToSides(prompt.box, transform, pointer),
      EDGE_REACH_PX,
    )
  }
  return best
}

function distanceToSides(box: Box, transform: ViewTransform, pointer: Point): number {
  const { topLeft, bottomRight } = boxCorners(box)
  const first = toStage(transform, topLeft)
  const last = toStage(transform, bottomRight)
  const outside = Math.hypot(
    Math.max(first.x - pointer.x, 0, pointer.x - last.x),
    Math.max(first.y - pointer.y, 0, pointer.y - last.y),
  )
  if (outside > 0) return outside
  return Math.min(pointer.x - first.x, last.x - pointer.x, pointer.y - first.y, last.y - pointer.y)
}
