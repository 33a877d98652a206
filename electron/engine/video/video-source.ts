/** One decoded picture: RGB, 8 bits a channel, row-major, upright (rotation applied), in source pixels. */
export interface DecodedFrame {
  /** Position in presentation order, from 0. */
  readonly frameIndex: number
  readonly timeSeconds: number
  readonly widthPx: number
  readonly heightPx: number
  /** heightPx * widthPx * 3 bytes. */
  readonly rgb: Uint8Array
}

/** Frames `first` to `last`, both included; `first` > `last` means none. */
export interface FrameRange {
  readonly first: number
  readonly last: number
}

/** A time base: one tick lasts numerator / denominator seconds. */
export interface TimeBase {
  readonly numerator: number
  readonly denominator: number
}

/** The file's own colour tags in ffmpeg's words (`bt709`, `tv`, ...); null where the file says nothing. */
export interface ColorTags {
  readonly matrix: string | null
  readonly range: string | null
  readonly primaries: string | null
  readonly transfer: string | null
}

/**
 * A video opened for exact access: a table of presentation times, streaming in presentation order and random
 * access. Frame n is the n-th presented frame whatever the container says about rates.
 */
export interface VideoSource {
  readonly path: string
  /** A folder of images has no container to take sound or times from. */
  readonly kind: 'file' | 'image-folder'
  /** Upright stored pixels (rotation applied, pixels as stored even if they are not square). */
  readonly widthPx: number
  readonly heightPx: number
  /** Width of an upright stored pixel over its height: 1 for square pixels. */
  readonly pixelAspectRatio: number
  readonly frameCount: number
  /** Seconds, one per frame, strictly increasing; the first may be other than 0. */
  readonly presentationTimes: Float64Array
  /** The same times as whole ticks of `timeBase`, as the file has them: exact where seconds are rounded. */
  readonly presentationTicks: readonly number[]
  readonly timeBase: TimeBase
  /** Ticks that the last frame stays on screen. */
  readonly lastFrameTicks: number
  /** Frames a second over the whole length, for people and for encoders that want a hint. */
  readonly averageFrameRate: number
  readonly colorTags: ColorTags
  readonly hasAudio: boolean
  /** Sentences about what is not as it should be but does not stop work, such as a file that ends early. */
  readonly warnings: readonly string[]
  /**
   * Decodes in presentation order with back-pressure; stopping the iteration ends the decoder. Each frame's pixels
   * are the receiver's to keep. @throws FrameOutOfRange, VideoDecodeFailed, VideoSourceClosed, the signal's reason.
   */
  frames(range?: FrameRange, signal?: AbortSignal): AsyncIterable<DecodedFrame>
  /**
   * One frame by nearest keyframe. Recently decoded neighbours are kept, so stepping either way is cheap; the pixels
   * are shared with that cache and must not be changed.
   * @throws FrameOutOfRange, VideoDecodeFailed, VideoSourceClosed, the signal's reason.
   */
  frameAt(frameIndex: number, signal?: AbortSignal): Promise<DecodedFrame>
  /** Ends every child process of this source. */
  close(): Promise<void>
}
