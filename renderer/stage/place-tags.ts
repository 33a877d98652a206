import type { PixelRect } from './mask-runs.ts'
import { toStage, type Point, type ViewTransform } from './view-transform.ts'

/** An object whose name is to be shown by its mask. */
export interface TagRequest {
  readonly objectId: number
  /** Around the largest part of the mask, source pixels: specks elsewhere do not draw the name away from it. */
  readonly bounds: PixelRect
  readonly widthPx: number
}

/** Upper left corner of a tag in whole stage pixels. */
export interface PlacedTag {
  readonly objectId: number
  readonly x: number
  readonly y: number
}

export const TAG_HEIGHT_PX = 24
const GAP_PX = 8
const BETWEEN_PX = 3
const NOBODY = 0

/**
 * Places each name centred above the largest part of its mask, inside the stage, none over another: one that finds its place taken moves
 * up, or down where the stage ends. Masks outside the stage get no tag.
 * @param marks places of prompts, stage pixels, that no name may cover
 */
export function placeTags(
  requests: readonly TagRequest[],
  transform: ViewTransform,
  stage: { readonly widthPx: number; readonly heightPx: number },
  marks: readonly Point[] = [],
): PlacedTag[] {
  const wishes = requests
    .map((request) => wish(request, transform, stage))
    .filter((tag) => tag !== null)
    .sort((a, b) => b.y - a.y || a.x - b.x)
  const placed: Wish[] = marks.map(({ x, y }) => ({
    objectId: NOBODY,
    x: Math.round(x - TAG_HEIGHT_PX / 2),
    y: Math.round(y - TAG_HEIGHT_PX / 2),
    widthPx: TAG_HEIGHT_PX,
  }))
  for (const tag of wishes) {
    const upwards = firstFree(tag, placed, -1)
    const y = upwards >= 0 ? upwards : firstFree(tag, placed, 1)
    placed.push({ ...tag, y })
  }
  return placed.slice(marks.length).map(({ objectId, x, y }) => ({ objectId, x, y }))
}

interface Wish extends PlacedTag {
  readonly widthPx: number
}

function wish(
  { objectId, bounds, widthPx }: TagRequest,
  transform: ViewTransform,
  stage: { readonly widthPx: number; readonly heightPx: number },
): Wish | null {
  const first = toStage(transform, { x: bounds.left, y: bounds.top })
  const last = toStage(transform, { x: bounds.right, y: bounds.bottom })
  if (last.x < 0 || last.y < 0 || first.x > stage.widthPx || first.y > stage.heightPx) return null
  const x = (first.x + last.x - widthPx) / 2
  const y = first.y - GAP_PX - TAG_HEIGHT_PX
  return {
    objectId,
    widthPx,
    x: Math.round(Math.max(0, Math.min(stage.widthPx - widthPx, x))),
    y: Math.round(Math.max(0, Math.min(stage.heightPx - TAG_HEIGHT_PX, y))),
  }
}

/**
 * The nearest free y above (-1) or below (1); below 0 where there is none above. All places are whole pixels: with
 * fractions the sum that steps past a tag can round to just inside it, and the search would never leave it.
 */
function firstFree(tag: Wish, placed: readonly Wish[], direction: 1 | -1): number {
  let y = tag.y
  for (;;) {
    const inTheWay = placed.find(
      (other) =>
        Math.abs(other.y - y) < TAG_HEIGHT_PX + BETWEEN_PX &&
        tag.x < other.x + other.widthPx + BETWEEN_PX &&
        other.x < tag.x + tag.widthPx + BETWEEN_PX,
    )
    if (inTheWay === undefined) return y
    y = inTheWay.y + direction * (TAG_HEIGHT_PX + BETWEEN_PX)
    if (y < 0) return y
  }
}
