import type { PixelBox } from '../masks/run-length-measures.ts'
import type { LabelTag } from './label-tag.ts'
import type { Canvas } from './video-sink.ts'

export interface PlacedTag {
  readonly tag: LabelTag
  readonly leftPx: number
  readonly topPx: number
}

/**
 * Puts each tag centred above its object's box, inside the picture. A tag that would cover one already placed moves
 * up, or down where there is no room above; where there is none at all it stays and covers.
 */
export function placeTags(
  labelled: readonly { readonly tag: LabelTag; readonly box: PixelBox }[],
  widthPx: number,
  heightPx: number,
  gapPx: number,
): PlacedTag[] {
  const placed: PlacedTag[] = []
  for (const { tag, box } of labelled) {
    const leftPx = clamp(Math.round(box.leftPx + (box.widthPx - tag.widthPx) / 2), 0, widthPx - tag.widthPx)
    const wanted = clamp(box.topPx - gapPx - tag.heightPx, 0, heightPx - tag.heightPx)
    const isFree = (topPx: number): boolean =>
      topPx >= 0 &&
      topPx + tag.heightPx <= heightPx &&
      placed.every((other) => !overlaps({ tag, leftPx, topPx }, other))
    const step = tag.heightPx + Math.max(1, Math.round(gapPx / 2))
    const candidates = [wanted]
    for (let distance = 1; distance <= labelled.length; distance++) candidates.push(wanted - distance * step)
    for (let distance = 1; distance <= labelled.length; distance++) candidates.push(wanted + distance * step)
    placed.push({ tag, leftPx, topPx: candidates.find(isFree) ?? wanted })
  }
  return placed
}

/** Lays a tag over an RGB canvas. What sticks out of the picture is left away. */
export function blitTag(
  { pixels, strideBytes }: Canvas,
  { widthPx, heightPx, rgba }: LabelTag,
  leftPx: number,
  topPx: number,
  pictureWidthPx: number,
  pictureHeightPx: number,
): void {
  const right = Math.min(widthPx, pictureWidthPx - leftPx)
  const bottom = Math.min(heightPx, pictureHeightPx - topPx)
  for (let y = Math.max(0, -topPx); y < bottom; y++) {
    for (let x = Math.max(0, -leftPx); x < right; x++) {
      const from = (y * widthPx + x) * 4
      const alpha = rgba[from + 3]!
      if (alpha === 0) continue
      const to = (topPx + y) * strideBytes + (leftPx + x) * 3
      for (let channel = 0; channel < 3; channel++) {
        const value = pixels[to + channel]!
        pixels[to + channel] = value + Math.round(((rgba[from + channel]! - value) * alpha) / 255)
      }
    }
  }
}

function overlaps(first: PlacedTag, second: PlacedTag): boolean {
  return (
    first.leftPx < second.leftPx + second.tag.widthPx &&
    second.leftPx < first.leftPx + first.tag.widthPx &&
    first.topPx < second.topPx + second.tag.heightPx &&
    second.topPx < first.topPx + first.tag.heightPx
  )
}

/** Low wins where there is no room between the two. */
function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(value, high))
}
