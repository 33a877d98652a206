import type { RunLengthMask } from '../../contract/mask.ts'

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
