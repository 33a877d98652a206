import type { ImageFeatures } from '../../../models/sam2/image-features.ts'
import type { RunLengthMask } from '../../contract/mask.ts'
import type { PixelBox } from '../masks/run-length-measures.ts'
import type { FrameRecord } from './frame-record.ts'
import type { Shots } from './shots.ts'
import type { TrackingOptions } from './tracking-options.ts'

/** A point prompt in source pixels. Label 1 belongs to the object, 0 does not. */
export interface PointPrompt {
  readonly x: number
  readonly y: number
  readonly label: 0 | 1
}

/** A box prompt in source pixels: left, top, right, bottom. */
export type BoxPrompt = readonly [left: number, top: number, right: number, bottom: number]

/** What the model says of one object on one frame, at source size. */
export interface ObjectMask {
  readonly objectId: number
  /** Source size. Empty (no foreground) where the object is absent. */
  readonly mask: RunLengthMask
  /** Logit of the object-presence head; above 0 means present. */
  readonly objectScore: number
  /** The model's own estimate of its mask's IoU, 0 to 1. */
  readonly predictedIou: number
  /** IoU of the mask at a higher and at a lower threshold, 0 to 1. */
  readonly stability: number
}

export interface TrackedFrame {
  readonly frameIndex: number
  readonly masks: readonly ObjectMask[]
}

/** The video as the predictor sees it. */
export interface PredictorVideo {
  readonly frameCount: number
  readonly widthPx: number
  readonly heightPx: number
  /** The frame, or a part of it in source pixels, as RGB bytes at model size, [S, S, 3]. */
  pictureAt(frameIndex: number, view: PixelBox | null): Promise<Uint8Array>
  /** What the predictor's model says of the frame or a part of it, where the video sees to that itself. */
  featuresAt?(frameIndex: number, view: PixelBox | null): Promise<ImageFeatures>
}

/**
 * `reference` follows the official predictor to the letter. `default` mends what is known to be wrong with it:
 * a corrected frame becomes a conditioning frame, so that corrections stay, memory that no frame can reach any more is
 * let go, and what `TrackingOptions` say.
 */
export type PredictorMode = 'reference' | 'default'

export interface PredictorOptions {
  readonly mode: PredictorMode
  /** What the default mode does more; the reference knows none of it. */
  readonly tracking: TrackingOptions
  /** Known beforehand, or filled while the video is decoded. */
  readonly shots: Shots
}

export interface PointsOrBox {
  readonly points?: readonly PointPrompt[]
  readonly box?: BoxPrompt
  /** Whether earlier points of the frame are dropped first. A box asks for it. Default true. */
  readonly clearOldPoints?: boolean
}

/** All objects on one frame; null for an object that has nothing there. */
export interface PredictedFrame {
  readonly frameIndex: number
  readonly objects: readonly { readonly objectId: number; readonly record: FrameRecord | null }[]
}

export interface PropagationOptions {
  /** The earliest conditioning frame by default. */
  readonly startFrame?: number
  /** How many frames to go beyond the first; to the end of the video by default. */
  readonly maxFrames?: number
  readonly reverse?: boolean
  readonly signal?: AbortSignal
}
