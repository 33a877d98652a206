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

/**
 * A video opened for exact access: a table of presentation times, streaming in presentation order and random
 * access. Frame n is the n-th presented frame whatever the container says about rates.
 */
export interface VideoSource {
  readonly path: string
  /** Upright stored pixels (rotation applied, pixels as stored even if they are not square). */
  readonly widthPx: number
  readonly heightPx: number
  /** Width of a stored pixel over its height: 1 for square pixels. */
  readonly pixelAspectRatio: number
  readonly frameCount: number
  /** Seconds, one per frame, strictly increasing; the first may be other than 0. */
  readonly presentationTimes: Float64Array
  readonly hasAudio: boolean
  /** Decodes in presentation order with back-pressure; stopping the iteration ends the decoder. */
  frames(range?: FrameRange, signal?: AbortSignal): AsyncIterable<DecodedFrame>
  /** One frame by nearest keyframe. Recently decoded neighbours are kept, so stepping either way is cheap. */
  frameAt(frameIndex: number, signal?: AbortSignal): Promise<DecodedFrame>
  /** Ends every child process of this source. */
  close(): Promise<void>
}
