import type { ImageFeatures, ImageNumbers } from '../../../models/sam2/image-features.ts'
import type { Sam2Model } from '../../../models/sam2/sam2-model.ts'
import type { PixelBox } from '../masks/run-length-measures.ts'
import type { DecodedFrame, VideoSource } from '../video/video-source.ts'
import type { PictureEncoder } from './picture-encoder.ts'
import { partOfPicture, pictureOfView } from './view-picture.ts'
import type { PredictorVideo } from './predictor-types.ts'

/** Frames decoded at once when the predictor walks backwards, and the bytes that they may take. */
const reverseBlockFrames = 24
const reverseBlockBytes = 96 * 2 ** 20

/**
 * A video's frames as the model sees them. Whoever decodes the video anyway `offer`s its frames, so that one decode
 * serves the model and the export; walking backwards decodes block by block; all else is random access.
 */
export class VideoPictures implements PredictorVideo {
  readonly frameCount: number
  readonly widthPx: number
  readonly heightPx: number
  private readonly video: VideoSource
  private readonly model: Sam2Model
  private readonly encoder: PictureEncoder | null
  private offered: DecodedFrame | undefined
  private readonly ahead = new Map<number, Promise<ImageNumbers>>()
  private block = new Map<number, DecodedFrame>()
  /** Newest frame that was asked for as a whole. */
  private wholeAsked = 0
  private lastAsked: number | undefined

  /** @param encoder encodes pictures on a thread of its own; without one the model does it when it is asked */
  constructor(video: VideoSource, model: Sam2Model, encoder: PictureEncoder | null = null) {
    this.video = video
    this.model = model
    this.encoder = encoder
    this.frameCount = video.frameCount
    this.widthPx = video.widthPx
    this.heightPx = video.heightPx
  }

  /** Says that the predictor may soon ask for this frame. */
  offer(frame: DecodedFrame): void {
    this.offered = frame
    for (const frameIndex of this.ahead.keys())
      if (frameIndex < frame.frameIndex) this.ahead.delete(frameIndex)
  }

  /** Begins to encode a frame that the predictor will ask for after the one that is offered. */
  encodeAhead(frame: DecodedFrame): void {
    // While all objects are looked at from nearer by, nobody wants whole frames.
    if (this.encoder === null || frame.frameIndex > this.wholeAsked + 2) return
    const numbers = this.encoder.encode(frame)
    // Whoever asks for the frame hears of it.
    numbers.catch(() => undefined)
    this.ahead.set(frame.frameIndex, numbers)
  }

  async pictureAt(frameIndex: number, view: PixelBox | null): Promise<Uint8Array> {
    return pictureOfView(await this.frameAt(frameIndex), view, this.model.imageSize)
  }

  async featuresAt(frameIndex: number, view: PixelBox | null): Promise<ImageFeatures> {
    if (this.encoder === null) return this.model.encodeImage(await this.pictureAt(frameIndex, view))
    if (view !== null)
      return this.model.adoptImage(
        await this.encoder.encode(partOfPicture(await this.frameAt(frameIndex), view)),
      )
    this.wholeAsked = frameIndex
    const numbers = this.ahead.get(frameIndex) ?? this.encoder.encode(await this.frameAt(frameIndex))
    this.ahead.delete(frameIndex)
    return this.model.adoptImage(await numbers)
  }

  private async frameAt(frameIndex: number): Promise<DecodedFrame> {
    const walksBackwards = this.lastAsked === frameIndex + 1
    this.lastAsked = frameIndex
    if (this.offered?.frameIndex === frameIndex) return this.offered
    const kept = this.block.get(frameIndex)
    if (kept) return kept
    return walksBackwards ? this.frameOfBlockEndingAt(frameIndex) : this.video.frameAt(frameIndex)
  }

  private async frameOfBlockEndingAt(frameIndex: number): Promise<DecodedFrame> {
    const block = new Map<number, DecodedFrame>()
    const fitting = Math.max(Math.floor(reverseBlockBytes / (this.widthPx * this.heightPx * 3)), 1)
    const frames = Math.min(fitting, reverseBlockFrames)
    const range = { first: Math.max(frameIndex - frames + 1, 0), last: frameIndex }
    for await (const frame of this.video.frames(range)) block.set(frame.frameIndex, frame)
    this.block = block
    return block.get(frameIndex)!
  }
}
