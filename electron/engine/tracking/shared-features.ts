import type { ImageFeatures } from '../../../models/sam2/image-features.ts'
import type { Sam2Model } from '../../../models/sam2/sam2-model.ts'
import { LeasedCache } from './leased-cache.ts'

/** Features of the pictures that were looked at last. Predictors that watch the same video in step may share them. */
export interface SharedFeatures {
  readonly cache: LeasedCache<string, ImageFeatures>
  /** Key of a frame's picture; equal pictures may have equal keys. */
  keyOf(frameIndex: number): string
}

/** @param capacity pictures kept, at least one */
export function keepFeatures(
  model: Sam2Model,
  capacity: number,
  keyOf: (frameIndex: number) => string = String,
): SharedFeatures {
  return {
    cache: new LeasedCache({ capacity, release: (features) => model.releaseImage(features) }),
    keyOf,
  }
}
