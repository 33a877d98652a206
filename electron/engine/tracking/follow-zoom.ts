import type { PixelBox } from '../masks/run-length-measures.ts'

/** Share of the view's width or height, the larger one, that the object is given. */
const filledShare = 0.4
/** A view is worth its blur and its lost surroundings where the object becomes so many times larger. */
const leastGain = 2
/** So many times where the object was seen in the whole frame before: memories of another scale help less. */
const leastGainOnTheWay = 3
/** The view keeps its size until the object has grown or shrunk by this. */
const keptWithin = 1.3
/** Source pixels are enlarged so many times at most. */
const greatestEnlargement = 4
/** While the object is not seen the view grows by this from frame to frame, until it is the whole picture. */
const searchGrowth = 1.5

export interface FrameSize {
  readonly widthPx: number
  readonly heightPx: number
}

/**
 * The part of the frame in which an object that was just prompted fills the model's picture well: of the frame's shape,
 * around the object, inside the frame.
 * @returns null where the whole frame serves as well
 */
export function promptView(box: PixelBox, frame: FrameSize, modelSizePx: number): PixelBox | null {
  const share = wantedShare(box, frame, modelSizePx)
  return share > 1 / leastGain ? null : viewAround(box, share, frame)
}

/**
 * The view that goes with an object.
 * @param box where the object was seen
 * @param before the view it was seen in; null for the whole frame
 * @param modelSizePx side of the model's picture
 * @returns null where the whole frame serves as well
 */
export function followView(
  box: PixelBox,
  before: PixelBox | null,
  frame: FrameSize,
  modelSizePx: number,
): PixelBox | null {
  const wanted = wantedShare(box, frame, modelSizePx)
  if (before === null) return wanted > 1 / leastGainOnTheWay ? null : viewAround(box, wanted, frame)
  const kept = before.widthPx / frame.widthPx
  const change = wanted / kept
  const share = change < keptWithin && change > 1 / keptWithin ? kept : wanted
  return share > 1 / leastGain ? null : viewAround(box, share, frame)
}

/** Side of the view as a share of the frame's. */
function wantedShare(box: PixelBox, frame: FrameSize, modelSizePx: number): number {
  const filled = Math.max(box.widthPx / frame.widthPx, box.heightPx / frame.heightPx)
  const smallest = modelSizePx / greatestEnlargement / Math.max(frame.widthPx, frame.heightPx)
  return Math.max(filled / filledShare, smallest)
}

/** The view in which an object is looked for that was not seen in the one before. */
export function searchView(box: PixelBox, before: PixelBox | null, frame: FrameSize): PixelBox | null {
  if (before === null) return null
  const share = (before.widthPx / frame.widthPx) * searchGrowth
  return share > 1 / leastGain ? null : viewAround(box, share, frame)
}

function viewAround(box: PixelBox, share: number, frame: FrameSize): PixelBox {
  const widthPx = Math.min(Math.ceil(frame.widthPx * share), frame.widthPx)
  const heightPx = Math.min(Math.ceil(frame.heightPx * share), frame.heightPx)
  const place = (start: number, length: number, viewLength: number, frameLength: number): number =>
    Math.min(Math.max(Math.round(start + (length - viewLength) / 2), 0), frameLength - viewLength)
  return {
    leftPx: place(box.leftPx, box.widthPx, widthPx, frame.widthPx),
    topPx: place(box.topPx, box.heightPx, heightPx, frame.heightPx),
    widthPx,
    heightPx,
  }
}
