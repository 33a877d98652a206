import type { ImageFeatures, Sam2Model } from '../../../models/sam2/sam2-model.ts'
import { resizeBicubic } from '../video/resize-bicubic.ts'
import type { FeatureState, TrackedVideo } from './tracker-protocol.ts'

export interface FeatureSource {
  /** The frame in source size: RGB, heightPx * widthPx * 3 bytes. */
  pictureOf(video: TrackedVideo, frameIndex: number): Promise<Uint8Array>
  onState(video: TrackedVideo, frameIndex: number, state: FeatureState): void
}

interface Kept {
  readonly video: TrackedVideo
  readonly frameIndex: number
  readonly features: Promise<ImageFeatures>
}

/** Bytes that the features of one picture take, with what tracking prepares from them. */
export function featureBytesOf(model: Sam2Model): number {
  const { imageSize, configuration } = model
  const cells = (imageSize / 16) ** 2
  const floats = cells * configuration.dModel * (16 / 8 + 4 / 4 + 1 + 2)
  return floats * Float32Array.BYTES_PER_ELEMENT
}

/** Features of the pictures that were looked at last, shared by all objects. */
export class FeatureCache {
  readonly #model: Sam2Model
  readonly #source: FeatureSource
  readonly #capacity: number
  /** Least recently used first. */
  readonly #kept = new Map<string, Kept>()

  /** @param bytes upper limit; two pictures are kept in any case */
  constructor(model: Sam2Model, source: FeatureSource, bytes: number) {
    this.#model = model
    this.#source = source
    this.#capacity = Math.max(2, Math.floor(bytes / featureBytesOf(model)))
  }

  /** @throws what decoding and encoding throw; then it is tried anew the next time */
  featuresOf(video: TrackedVideo, frameIndex: number): Promise<ImageFeatures> {
    const key = `${video.contentId}:${String(frameIndex)}`
    const known = this.#kept.get(key)
    this.#kept.delete(key)
    const kept = known ?? { video, frameIndex, features: this.#encode(key, video, frameIndex) }
    this.#kept.set(key, kept)
    for (const [oldest, dropped] of this.#kept) {
      if (this.#kept.size <= this.#capacity) break
      this.#kept.delete(oldest)
      this.#source.onState(dropped.video, dropped.frameIndex, 'dropped')
    }
    return kept.features
  }

  clear(): void {
    for (const { video, frameIndex } of this.#kept.values())
      this.#source.onState(video, frameIndex, 'dropped')
    this.#kept.clear()
  }

  async #encode(key: string, video: TrackedVideo, frameIndex: number): Promise<ImageFeatures> {
    this.#source.onState(video, frameIndex, 'encoding')
    try {
      const size = this.#model.imageSize
      const rgb = await this.#source.pictureOf(video, frameIndex)
      const picture = resizeBicubic(rgb, video.widthPx, video.heightPx, size, size)
      const features = await this.#model.encodeImage(picture)
      this.#source.onState(video, frameIndex, 'encoded')
      return features
    } catch (error) {
      this.#kept.delete(key)
      this.#source.onState(video, frameIndex, 'failed')
      throw error
    }
  }
}
