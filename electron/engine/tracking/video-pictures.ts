import type { ImageFeatures, ImageNumbers } from '../../../models/sam2/image-features.ts'
import type { Sam2Model } from '../../../models/sam2/sam2-model.ts'
import { resizeBicubic } from '../video/resize-bicubic.ts'
import type { DecodedFrame, VideoSource } from '../video/video-source.ts'
import type { Picture, PictureEncoder } from './picture-encoder.ts'
import type { PredictorVideo } from './video-predictor.ts'

/** Frames decoded at once when the predictor walks backwards. */
const reverseBlockFrames = 24

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
  /** At model size. */
  private block = new Map<number, Picture>()
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
    if (this.encoder === null) return
    const numbers = this.encoder.encode(frame)
    // Whoever asks for the frame hears of it.
    numbers.catch(() => undefined)
    this.ahead.set(frame.frameIndex, numbers)
  }

  async pictureAt(frameIndex: number): Promise<Uint8Array> {
    return this.resized(await this.frameAt(frameIndex)).rgb
  }

  async featuresAt(frameIndex: number): Promise<ImageFeatures> {
    if (this.encoder === null) return this.model.encodeImage(await this.pictureAt(frameIndex))
    const numbers = this.ahead.get(frameIndex) ?? this.encoder.encode(await this.frameAt(frameIndex))
    this.ahead.delete(frameIndex)
    return this.model.adoptImage(await numbers)
  }

  private async frameAt(frameIndex: number): Promise<Picture> {
    const walksBackwards = this.lastAsked === frameIndex + 1
    this.lastAsked = frameIndex
    if (this.offered?.frameIndex === frameIndex) return this.offered
    const kept = this.block.get(frameIndex)
    if (kept) return kept
    if (!walksBackwards) return this.video.frameAt(frameIndex)
    return this.pictureOfBlockEndingAt(frameIndex)
  }

  private async pictureOfBlockEndingAt(frameIndex: number): Promise<Picture> {
    const block = new Map<number, Picture>()
    const range = { first: Math.max(frameIndex - reverseBlockFrames + 1, 0), last: frameIndex }
    for await (const frame of this.video.frames(range)) block.set(frame.frameIndex, this.resized(frame))
    this.block = block
    return block.get(frameIndex)!
  }

  private resized({ rgb, widthPx, heightPx }: Picture): Picture {
    const size = this.model.imageSize
    return {
      rgb: resizeBicubic(rgb, widthPx, heightPx, size, size),
      widthPx: size,
      heightPx: size,
    }
  }
}
