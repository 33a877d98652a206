import { frameToX, visibleFrames, type TimeScale } from './time-scale.ts'

/** A place of the filmstrip and the frame whose picture stands for it. */
export interface FilmSlot {
  readonly frameIndex: number
  readonly fromX: number
  readonly toX: number
}

/**
 * The places that are seen. They are anchored to frames and their length doubles with each step of the zoom, so that
 * scrolling asks for nothing twice and half of the pictures of one step serve the next.
 * @param pictureWidthPx a slot is never wider, but where a single frame is
 */
export function filmSlots(scale: TimeScale, frameCount: number, pictureWidthPx: number): FilmSlot[] {
  const step = slotFrames(scale, pictureWidthPx)
  const { first, last } = visibleFrames(scale, frameCount)
  const slots: FilmSlot[] = []
  for (let frameIndex = first - (first % step); frameIndex <= last; frameIndex += step) {
    slots.push({
      frameIndex,
      fromX: frameToX(scale, frameIndex),
      toX: frameToX(scale, Math.min(frameCount, frameIndex + step)),
    })
  }
  return slots
}

/** Frames of a slot: the largest power of two that is not wider than a picture. */
export function slotFrames(scale: TimeScale, pictureWidthPx: number): number {
  const frames = pictureWidthPx / scale.pxPerFrame
  return frames < 2 ? 1 : 2 ** Math.floor(Math.log2(frames))
}

/** Frames whose pictures may stand in for one that is not there yet: those of coarser steps, nearest first. */
export function standIns(frameIndex: number, step: number): number[] {
  const frames: number[] = []
  for (let coarser = step * 2; coarser <= step * 64; coarser *= 2) {
    const frame = frameIndex - (frameIndex % coarser)
    if (frame !== frameIndex && frames.at(-1) !== frame) frames.push(frame)
  }
  return frames
}

/**
 * Which part of a picture fills a slot: its whole height, its middle across.
 * @returns source x and width in the picture's pixels, and the target's x and width
 */
export function fillSlot(
  slot: { readonly fromX: number; readonly toX: number },
  heightPx: number,
  picture: { readonly width: number; readonly height: number; readonly pixelAspectRatio: number },
): { sourceX: number; sourceWidth: number; x: number; width: number } {
  const shownWidth = (picture.width * picture.pixelAspectRatio * heightPx) / picture.height
  const width = Math.min(slot.toX - slot.fromX, shownWidth)
  const sourceWidth = (width / shownWidth) * picture.width
  return {
    sourceX: (picture.width - sourceWidth) / 2,
    sourceWidth,
    x: (slot.fromX + slot.toX - width) / 2,
    width,
  }
}
