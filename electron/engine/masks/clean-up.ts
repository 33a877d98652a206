import type { RunLengthMask } from '../../contract/mask.ts'
import type { BinaryMask } from './binary-mask.ts'
import { connectedComponents, visitComponentRuns } from './connected-components.ts'
import { dilateByDisc, erodeByDisc } from './disc-morphology.ts'
import { croppedMask, maskBox, placedMask, widenedBox } from './mask-crop.ts'
import { croppedRunLength, placedRunLength } from './run-length-crop.ts'
import { decodeRunLength, encodeRunLength } from './run-length-mask.ts'
import { runLengthBox } from './run-length-measures.ts'
import { runLengthWithoutHoles, runLengthWithoutSpecks } from './run-length-pieces.ts'
import { smoothedEdge } from './smooth-edge.ts'

/** How an object's masks are tidied before they are shown and exported; the masks themselves stay as tracked. */
export interface CleanUpSettings {
  /** Holes of at most this many pixels are filled; 0 fills none. */
  readonly fillHolesPx: number
  /** Pieces of at most this many pixels are dropped, the largest piece never; 0 drops none. */
  readonly dropSpecksPx: number
  /** Grows the mask by a disc of this radius; below 0 shrinks it. */
  readonly growPx: number
  /** Radius over which the edge is smoothed, whole pixels; 0 leaves it. */
  readonly smoothPx: number
}

export const NO_CLEAN_UP: CleanUpSettings = { fillHolesPx: 0, dropSpecksPx: 0, growPx: 0, smoothPx: 0 }

/** Whether the settings leave every mask as it is. */
export function leavesMasksAlone(settings: CleanUpSettings): boolean {
  const { fillHolesPx, dropSpecksPx, growPx, smoothPx } = settings
  return fillHolesPx === 0 && dropSpecksPx === 0 && growPx === 0 && smoothPx === 0
}

/**
 * Tidies a mask: fills holes, drops specks, smooths the edge, grows or shrinks, in this order. An object so small that
 * smoothing would wipe it out keeps its edge. Returns the mask itself when there is nothing to do.
 * @throws RangeError for a negative area or radius, and for numbers that are not finite
 */
export function applyCleanUp(mask: BinaryMask, settings: CleanUpSettings): BinaryMask {
  checkSettings(settings)
  const box = maskBox(mask)
  if (!box || leavesMasksAlone(settings)) return mask
  const place = widenedBox(box, marginFor(settings), mask)
  const { fillHolesPx, dropSpecksPx } = settings
  const whole = withoutSpecks(withoutHoles(croppedMask(mask, place), fillHolesPx), dropSpecksPx)
  const part = movedEdge(whole, settings)
  return placedMask(part, place, mask.widthPx, mask.heightPx)
}

/** One pixel of background is left around the object wherever the picture goes on. */
function marginFor({ growPx, smoothPx }: CleanUpSettings): number {
  return Math.ceil(Math.max(growPx, 0)) + 3 * smoothPx + 1
}

/** Smooths, grows or shrinks the part of a picture that holds the object with its margin. */
function movedEdge(cropped: BinaryMask, { growPx, smoothPx }: CleanUpSettings): BinaryMask {
  let part = cropped
  if (smoothPx > 0) {
    const smoothed = smoothedEdge(part, smoothPx)
    if (smoothed.data.includes(1)) part = smoothed
  }
  if (growPx > 0) part = dilateByDisc(part, growPx)
  if (growPx < 0) part = erodeByDisc(part, -growPx)
  return part
}

/**
 * As `applyCleanUp`, from run lengths to run lengths. Holes and specks are found among the runs; where the edge moves,
 * the part around the object is decoded.
 */
export function applyCleanUpToRunLength(mask: RunLengthMask, settings: CleanUpSettings): RunLengthMask {
  checkSettings(settings)
  const { fillHolesPx, dropSpecksPx, growPx, smoothPx } = settings
  const whole = runLengthWithoutSpecks(runLengthWithoutHoles(mask, fillHolesPx), dropSpecksPx)
  const box = growPx === 0 && smoothPx === 0 ? null : runLengthBox(whole)
  if (box === null) return whole
  const [heightPx, widthPx] = mask.size
  const place = widenedBox(box, marginFor(settings), { widthPx, heightPx })
  const part = movedEdge(decodeRunLength(croppedRunLength(whole, place)), settings)
  return placedRunLength(encodeRunLength(part), place, heightPx, widthPx)
}

/**
 * Fills holes of at most `maxAreaPx` pixels: background, connected along edges, that does not reach the picture's
 * border. Returns a new mask.
 */
export function withoutHoles(mask: BinaryMask, maxAreaPx: number): BinaryMask {
  const data = mask.data.slice()
  if (maxAreaPx > 0) {
    const holes = connectedComponents(mask, 0, 4)
    const isHole = (piece: number): boolean => holes.areas[piece]! <= maxAreaPx && !holes.touchesBorder[piece]
    visitComponentRuns(holes, isHole, mask.widthPx, (begin, end) => data.fill(1, begin, end))
  }
  return { ...mask, data }
}

/**
 * Drops pieces of at most `maxAreaPx` pixels, connected along edges or corners, but never the largest one: an object
 * that is small as a whole is no speck. Returns a new mask.
 */
export function withoutSpecks(mask: BinaryMask, maxAreaPx: number): BinaryMask {
  const data = mask.data.slice()
  if (maxAreaPx > 0) {
    const pieces = connectedComponents(mask, 1, 8)
    const largest = pieces.areas.indexOf(pieces.areas.reduce((most, area) => Math.max(most, area), 0))
    const isSpeck = (piece: number): boolean => pieces.areas[piece]! <= maxAreaPx && piece !== largest
    visitComponentRuns(pieces, isSpeck, mask.widthPx, (begin, end) => data.fill(0, begin, end))
  }
  return { ...mask, data }
}

function checkSettings({ fillHolesPx, dropSpecksPx, growPx, smoothPx }: CleanUpSettings): void {
  const areasFit = fillHolesPx >= 0 && dropSpecksPx >= 0
  if (!areasFit || !Number.isFinite(growPx) || !Number.isInteger(smoothPx) || smoothPx < 0) {
    throw new RangeError(
      `No clean-up: holes ${fillHolesPx}, specks ${dropSpecksPx}, grow ${growPx}, smooth ${smoothPx} pixels`,
    )
  }
}
