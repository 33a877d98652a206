import type { BoxPrompt, PointPrompt } from './predictor-types.ts'
import { InvalidPrompt } from './tracking-errors.ts'

interface Extent {
  readonly widthPx: number
  readonly heightPx: number
  readonly frameCount: number
}

/** @throws InvalidPrompt when the video has no such frame. */
export function checkFrame(frameIndex: number, { frameCount }: Extent): void {
  if (Number.isInteger(frameIndex) && frameIndex >= 0 && frameIndex < frameCount) return
  throw new InvalidPrompt(`There is no frame ${frameIndex}: the video has frames 0 to ${frameCount - 1}.`)
}

/** @throws InvalidPrompt for no points where some are needed, or a point outside the picture. */
export function checkPoints(
  points: readonly PointPrompt[],
  extent: Extent,
  { allowNone }: { readonly allowNone: boolean },
): void {
  if (points.length === 0 && !allowNone) {
    throw new InvalidPrompt('A prompt needs at least one point or a box.')
  }
  for (const { x, y } of points) {
    if (!inside(x, extent.widthPx) || !inside(y, extent.heightPx)) {
      throw new InvalidPrompt(
        `The point ${x},${y} lies outside the picture, which is ${extent.widthPx} by ${extent.heightPx} pixels.`,
      )
    }
  }
}

/** @throws InvalidPrompt for a box without area, one outside the picture, or one that would come after points. */
export function checkBox(
  [left, top, right, bottom]: BoxPrompt,
  extent: Extent,
  { clearOldPoints }: { readonly clearOldPoints: boolean },
): void {
  if (!clearOldPoints) {
    throw new InvalidPrompt('A box has to come before the points of its frame, so it replaces them.')
  }
  const text = [left, top, right, bottom].join(',')
  if (!(right > left && bottom > top)) {
    throw new InvalidPrompt(`The box ${text} has no area: it goes from left,top to right,bottom.`)
  }
  const fits =
    inside(left, extent.widthPx) &&
    inside(right, extent.widthPx) &&
    inside(top, extent.heightPx) &&
    inside(bottom, extent.heightPx)
  if (!fits) {
    throw new InvalidPrompt(
      `The box ${text} reaches outside the picture, which is ${extent.widthPx} by ${extent.heightPx} pixels.`,
    )
  }
}

/** Whether a coordinate lies in the picture, its right and bottom edges included. */
function inside(coordinate: number, sizePx: number): boolean {
  return Number.isFinite(coordinate) && coordinate >= 0 && coordinate <= sizePx
}

/** @throws InvalidPrompt for a mask that is not as large as the picture: stretched over it, it would lie elsewhere. */
export function checkMask(
  { widthPx, heightPx }: Omit<Extent, 'frameCount'>,
  extent: Omit<Extent, 'frameCount'>,
): void {
  if (widthPx === extent.widthPx && heightPx === extent.heightPx) return
  throw new InvalidPrompt(
    `The mask is ${widthPx} by ${heightPx} pixels, the picture ${extent.widthPx} by ${extent.heightPx}: they must be alike.`,
  )
}
