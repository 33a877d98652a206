import type { ImageFeatures } from '../../../models/sam2/image-features.ts'
import type { PixelBox } from '../masks/run-length-measures.ts'
import type { Sam2Model } from '../../../models/sam2/sam2-model.ts'
import { resizeBicubic } from '../video/resize-bicubic.ts'
import { mirroredPicture, pictureKey, pictureOfView } from './view-picture.ts'
import { LeasedCache } from './leased-cache.ts'
import type { FeatureState, TrackedVideo } from './tracker-protocol.ts'

export interface FeatureSource {
  /** The frame in source size: RGB, heightPx * widthPx * 3 bytes. */
  pictureOf(video: TrackedVideo, frameIndex: number): Promise<Uint8Array>
  onState(video: TrackedVideo, frameIndex: number, state: FeatureState): void
}

/** Bytes that the features of one picture take, with what tracking prepares from them. */
export function featureBytesOf(model: Sam2Model): number {
  const { imageSize, configuration } = model
  const cells = (imageSize / 16) ** 2
  const floats = cells * configuration.dModel * (16 / 8 + 4 / 4 + 1 + 2)
  return floats * Float32Array.BYTES_PER_ELEMENT
}

interface PictureKey {
  readonly video: TrackedVideo
  readonly frameIndex: number
}

/** Features of the pictures that were looked at last, shared by all objects. */
export class FeatureCache {
  readonly #model: Sam2Model
  readonly #source: FeatureSource
  readonly #cache: LeasedCache<string, ImageFeatures>
  readonly #pictures = new Map<string, PictureKey>()

  /** @param bytes upper limit; two pictures are kept in any case */
  constructor(model: Sam2Model, source: FeatureSource, bytes: number) {
    this.#model = model
    this.#source = source
    this.#cache = new LeasedCache({
      capacity: Math.max(2, Math.floor(bytes / featureBytesOf(model))),
      release: (features) => model.releaseImage(features),
      onDropped: (key) => {
        this.#forget(key, 'dropped')
      },
    })
  }

  /** Works with the features of a picture, or of a part of it. @throws what decoding and encoding throw; then it is tried anew the next time */
  use<Result>(
    video: TrackedVideo,
    frameIndex: number,
    work: (features: ImageFeatures) => Promise<Result> | Result,
    {
      view = null,
      isMirrored = false,
    }: { readonly view?: PixelBox | null; readonly isMirrored?: boolean } = {},
  ): Promise<Result> {
    const key = `${video.contentId}:${String(frameIndex)}`
    if (view === null && !isMirrored)
      return this.#cache.use(key, () => this.#encode(key, { video, frameIndex }), work)
    const encode = (): Promise<ImageFeatures> => this.#encodeView({ video, frameIndex }, view, isMirrored)
    return this.#cache.use(pictureKey(key, view, isMirrored), encode, work)
  }

  clear(): void {
    this.#cache.clear()
  }

  async #encode(key: string, picture: PictureKey): Promise<ImageFeatures> {
    const { video, frameIndex } = picture
    this.#pictures.set(key, picture)
    this.#source.onState(video, frameIndex, 'encoding')
    try {
      const size = this.#model.imageSize
      const rgb = await this.#source.pictureOf(video, frameIndex)
      const features = await this.#model.encodeImage(
        resizeBicubic(rgb, video.widthPx, video.heightPx, size, size),
      )
      this.#source.onState(video, frameIndex, 'encoded')
      return features
    } catch (error) {
      this.#forget(key, 'failed')
      throw error
    }
  }

  /** A part of a picture, or it mirrored; nobody waits to hear of it. */
  async #encodeView(
    { video, frameIndex }: PictureKey,
    view: PixelBox | null,
    isMirrored: boolean,
  ): Promise<ImageFeatures> {
    const { widthPx, heightPx } = video
    const rgb = await this.#source.pictureOf(video, frameIndex)
    const { imageSize } = this.#model
    const picture = pictureOfView({ rgb, widthPx, heightPx }, view, imageSize)
    return this.#model.encodeImage(isMirrored ? mirroredPicture(picture, imageSize) : picture)
  }

  #forget(key: string, state: FeatureState): void {
    const picture = this.#pictures.get(key)
    if (picture === undefined) return
    this.#pictures.delete(key)
    this.#source.onState(picture.video, picture.frameIndex, state)
  }
}
