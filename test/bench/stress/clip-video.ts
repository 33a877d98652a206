import type { DecodedFrame, FrameRange, VideoSource } from '../../../electron/engine/video/video-source.ts'
import type { StressClip, StressFrame } from './stress-clip.ts'

const framesPerSecond = 25
const keptFrames = 3

/** A stress clip as a video: its frames are painted as they are asked for, once for all who watch in step. */
export class ClipVideo implements VideoSource {
  readonly kind = 'image-folder'
  readonly pixelAspectRatio = 1
  readonly timeBase = { numerator: 1, denominator: framesPerSecond }
  readonly lastFrameTicks = 1
  readonly averageFrameRate = framesPerSecond
  readonly colorTags = { matrix: null, range: null, primaries: null, transfer: null }
  readonly hasAudio = false
  readonly warnings = []
  readonly path: string
  readonly widthPx: number
  readonly heightPx: number
  readonly frameCount: number
  readonly presentationTicks: readonly number[]
  readonly presentationTimes: Float64Array
  private readonly clip: StressClip
  private readonly painted = new Map<number, Promise<StressFrame>>()

  constructor(clip: StressClip) {
    this.clip = clip
    this.path = clip.name
    this.widthPx = clip.widthPx
    this.heightPx = clip.heightPx
    this.frameCount = clip.frameCount
    this.presentationTicks = Array.from({ length: clip.frameCount }, (_, index) => index)
    this.presentationTimes = Float64Array.from(this.presentationTicks, (tick) => tick / framesPerSecond)
  }

  trueFrame(frameIndex: number): Promise<StressFrame> {
    const known = this.painted.get(frameIndex)
    if (known) return known
    const frame = this.clip.paint(frameIndex)
    this.painted.set(frameIndex, frame)
    for (const oldest of this.painted.keys()) {
      if (this.painted.size <= keptFrames) break
      this.painted.delete(oldest)
    }
    return frame
  }

  async *frames(range: FrameRange = { first: 0, last: this.frameCount - 1 }): AsyncGenerator<DecodedFrame> {
    for (let frameIndex = range.first; frameIndex <= range.last; frameIndex++)
      yield await this.frameAt(frameIndex)
  }

  async frameAt(frameIndex: number): Promise<DecodedFrame> {
    const { picture } = await this.trueFrame(frameIndex)
    return { frameIndex, timeSeconds: this.presentationTimes[frameIndex]!, ...picture }
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}
