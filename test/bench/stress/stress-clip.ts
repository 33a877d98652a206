import type { BinaryMask } from '../../../electron/engine/masks/binary-mask.ts'
import type { Picture } from './layers.ts'

/** What is hard in a clip, in the words of the table. */
export const categories = {
  a: 'cut',
  b: 'occlusion',
  c: 'mirrored copy crosses',
  d: 'small',
  e: 'long',
} as const
export type Category = keyof typeof categories

/** A picture with what is true of it. */
export interface StressFrame {
  readonly picture: Picture
  readonly truth: BinaryMask
  /** What the tracker may mistake for the object; null where there is nothing of the kind. */
  readonly wrong: BinaryMask | null
}

/** A clip that is painted as it is watched. The object is seen on frame 0. */
export interface StressClip {
  readonly category: Category
  readonly name: string
  /** How hard, where a category has several degrees: how long hidden, how small. */
  readonly degree: string | null
  readonly widthPx: number
  readonly heightPx: number
  readonly frameCount: number
  /** First frames on which the object is back: after a cut, from behind an occluder, out of a crossing. */
  readonly returns: readonly number[]
  /** Frames of the same number show the same picture. */
  pictureNumber(frameIndex: number): number
  paint(frameIndex: number): Promise<StressFrame>
}
