import { resizeBicubic } from '../video/resize-bicubic.ts'
import type { DecodedFrame, VideoSource } from '../video/video-source.ts'
import type { PredictorVideo } from './video-predictor.ts'

/** Frames decoded at once when the predictor walks backwards. */
const reverseBlockFrames = 24

/**
 * A video's frames at model size. Whoever decodes the video anyway `offer`s its frames, so that one decode serves the
 * model and the export; walking backwards decodes block by block; all else is random access.
 */
export class VideoPictures implements PredictorVideo {
  readonly frameCount: number
  readonly widthPx: number
  readonly heightPx: number
  private readonly video: VideoSource
  private readonly size: number
  private offered: DecodedFrame | undefined
  private block = new Map<number, Uint8Array>()
  private lastAsked: number | undefined

  /** @param size side of the model's picture in pixels */
  constructor(video: VideoSource, size: number) {
    this.video = video
    this.size = size
    this.frameCount = video.frameCount
    this.widthPx = video.widthPx
    this.heightPx = video.heightPx
  }

  /** Says that the predictor may soon ask for this frame. */
  offer(frame: DecodedFrame): void {
    this.offered = frame
  }

  async pictureAt(frameIndex: number): Promise<Uint8Array> {
    const walksBackwards = this.lastAsked === frameIndex + 1
    this.lastAsked = frameIndex
    if (this.offered?.frameIndex === frameIndex) return this.resized(this.offered)
    const kept = this.block.get(frameIndex)
    if (kept) return kept
    if (!walksBackwards) return this.resized(await this.video.frameAt(frameIndex))
    return this.pictureOfBlockEndingAt(frameIndex)
  }

  private async pictureOfBlockEndingAt(frameIndex: number): Promise<Uint8Array> {
    const block = new Map<number, Uint8Array>()
    const range = { first: Math.max(frameIndex - reverseBlockFrames + 1, 0), last: frameIndex }
    for await (const frame of this.video.frames(range)) block.set(frame.frameIndex, this.resized(frame))
    this.block = block
    return block.get(frameIndex)!
  }

  private resized(frame: DecodedFrame): Uint8Array {
    return resizeBicubic(frame.rgb, frame.widthPx, frame.heightPx, this.size, this.size)
  }
}
