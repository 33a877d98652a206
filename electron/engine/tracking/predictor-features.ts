import { InferenceFailed, type Device } from '../../../models/runtime/session.ts'
import type { ImageFeatures } from '../../../models/sam2/image-features.ts'
import type { Sam2Model } from '../../../models/sam2/sam2-model.ts'
import type { PixelBox } from '../masks/run-length-measures.ts'
import type { ObjectTrack } from './object-track.ts'
import type { PredictorVideo } from './predictor-types.ts'
import { rebuildMemories } from './rebuild-memories.ts'
import type { SharedFeatures } from './shared-features.ts'

/** The features that a predictor works with, and its way to the processor when the device fails. */
export class PredictorFeatures {
  private readonly model: Sam2Model
  private readonly video: PredictorVideo
  private readonly shared: SharedFeatures
  private readonly tracks: () => Iterable<ObjectTrack>
  private memoryDevice: Device

  /** @param tracks those whose memories are made anew when the model goes elsewhere */
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
    this.memoryDevice = model.device
  }

  /** Works with a picture's features; where the device fails, again on the processor. */
  async use<Result>(
    frameIndex: number,
    view: PixelBox | null,
    work: (image: ImageFeatures) => Promise<Result> | Result,
  ): Promise<Result> {
    await this.followModel()
    try {
      return await this.useHere(frameIndex, view, work)
    } catch (error) {
      if (!(error instanceof InferenceFailed) || this.memoryDevice === 'cpu') throw error
      if (this.model.device !== 'cpu') await this.model.moveToProcessor(error)
      await this.followModel()
      return this.useHere(frameIndex, view, work)
    }
  }

  private useHere<Result>(
    frameIndex: number,
    view: PixelBox | null,
    work: (image: ImageFeatures) => Promise<Result> | Result,
  ): Promise<Result> {
    const { cache, keyOf } = this.shared
    const encode = async (): Promise<ImageFeatures> =>
      this.video.featuresAt
        ? this.video.featuresAt(frameIndex, view)
        : this.model.encodeImage(await this.video.pictureAt(frameIndex, view))
    const key = view === null ? keyOf(frameIndex) : `${keyOf(frameIndex)} ${Object.values(view).join()}`
    return cache.use(key, encode, work)
  }

  /** Memories lie where the model ran when they were made; they are made anew when it runs elsewhere. */
  private async followModel(): Promise<void> {
    if (this.memoryDevice === this.model.device) return
    this.memoryDevice = this.model.device
    this.shared.cache.clear()
    await rebuildMemories(this.tracks(), (frameIndex, { maskLogits, objectScore, view }, fromPrompts) =>
      this.useHere(frameIndex, view, (image) =>
        this.model.encodeMemory(image, maskLogits, { fromPrompts, absent: objectScore <= 0 }),
      ),
    )
  }
}
