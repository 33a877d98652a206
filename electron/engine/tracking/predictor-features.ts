import { InferenceFailed } from '../../../models/runtime/session.ts'
import type { ImageFeatures } from '../../../models/sam2/image-features.ts'
import type { Sam2Model } from '../../../models/sam2/sam2-model.ts'
import type { PixelBox } from '../masks/run-length-measures.ts'
import type { ObjectTrack } from './object-track.ts'
import type { PredictorVideo } from './predictor-types.ts'
import { rebuildMemories } from './rebuild-memories.ts'
import { mirroredPicture, pictureKey } from './view-picture.ts'
import type { SharedFeatures } from './shared-features.ts'

/** The features that a predictor works with, and its way on when the device fails. */
export class PredictorFeatures {
  private readonly model: Sam2Model
  private readonly video: PredictorVideo
  private readonly shared: SharedFeatures
  private readonly tracks: () => Iterable<ObjectTrack>
  /** Of the model, when the features and memories that are kept were made. */
  private revision: number

  /** @param tracks those whose memories are made anew when the model goes on otherwise */
  constructor(
    model: Sam2Model,
    video: PredictorVideo,
    shared: SharedFeatures,
    tracks: () => Iterable<ObjectTrack>,
  ) {
    this.model = model
    this.video = video
    this.shared = shared
    this.tracks = tracks
    this.revision = model.revision
  }

  /** Works with a picture's features; where the device fails, again as the model goes on then. */
  use<Result>(
    frameIndex: number,
    view: PixelBox | null,
    work: (image: ImageFeatures) => Promise<Result> | Result,
    isMirrored = false,
  ): Promise<Result> {
    return this.holding(() => this.useHere(frameIndex, view, work, isMirrored))
  }

  /** Works with the tracks' memories; where the device fails, again with those that are made anew then. */
  async holding<Result>(work: () => Promise<Result>): Promise<Result> {
    for (;;) {
      const { device } = this.model
      try {
        await this.followModel()
        return await work()
      } catch (error) {
        if (!(error instanceof InferenceFailed) || device === 'cpu') throw error
        // Another predictor of the same model may have seen to it already.
        if (this.revision === this.model.revision) await this.model.recover(error)
      }
    }
  }

  /** The same without a way on; for work that is held as a whole. */
  useHere<Result>(
    frameIndex: number,
    view: PixelBox | null,
    work: (image: ImageFeatures) => Promise<Result> | Result,
    isMirrored = false,
  ): Promise<Result> {
    const { cache, keyOf } = this.shared
    const encode = async (): Promise<ImageFeatures> => {
      if (isMirrored)
        return this.model.encodeImage(
          mirroredPicture(await this.video.pictureAt(frameIndex, view), this.model.imageSize),
        )
      return this.video.featuresAt
        ? this.video.featuresAt(frameIndex, view)
        : this.model.encodeImage(await this.video.pictureAt(frameIndex, view))
    }
    return cache.use(pictureKey(keyOf(frameIndex), view, isMirrored), encode, work)
  }

  /** Memories lie where the model ran when they were made; they are made anew when it runs otherwise. */
  private async followModel(): Promise<void> {
    if (this.revision === this.model.revision) return
    this.revision = this.model.revision
    this.shared.cache.clear()
    await rebuildMemories(this.tracks(), (frameIndex, { maskLogits, objectScore, view }, fromPrompts) =>
      this.useHere(frameIndex, view, (image) =>
        this.model.encodeMemory(image, maskLogits, { fromPrompts, absent: objectScore <= 0 }),
      ),
    )
  }
}
