import type { DecodedFrame, VideoSource } from '../video/video-source.ts'

/** Bytes of the frames that are decoded at once to walk backwards. */
const blockBytes = 96 * 1_048_576
const longestBlock = 24
/** Frames that are read past rather than starting a decoder anew. */
const longestSkip = 64

/** A video's frames in the order of a walk, the next one always decoded ahead. */
export class RunPictures {
  readonly #video: VideoSource
  readonly #reverse: boolean
  readonly #stop = new AbortController()
  #expected = -1
  #current: DecodedFrame | null = null
  #block = new Map<number, DecodedFrame>()
  #stream: {
    frames: AsyncIterator<DecodedFrame>
    nextIndex: number
    ahead: Promise<DecodedFrame | null>
  } | null = null

  constructor(video: VideoSource, reverse: boolean) {
    this.#video = video
    this.#reverse = reverse
  }

  /** Says which frame the walk works on now. */
  expect(frameIndex: number): void {
    this.#expected = frameIndex
  }

  /** The frame that the walk works on, as often as it is asked for; null for any other. */
  async current(frameIndex: number): Promise<DecodedFrame | null> {
    if (frameIndex !== this.#expected) return null
    if (this.#current?.frameIndex !== frameIndex)
      this.#current = await (this.#reverse ? this.#takeBackwards(frameIndex) : this.#takeForwards(frameIndex))
    return this.#current
  }

  close(): void {
    this.#stop.abort()
    this.#stream?.frames.return?.().catch(() => {})
    this.#stream = null
    this.#current = null
    this.#block.clear()
  }

  async #takeForwards(frameIndex: number): Promise<DecodedFrame | null> {
    const gap = this.#stream === null ? -1 : frameIndex - this.#stream.nextIndex
    if (gap < 0 || gap > longestSkip) this.#openStream(frameIndex)
    const stream = this.#stream!
    for (;;) {
      const frame = await stream.ahead
      if (frame === null) return null
      stream.nextIndex = frame.frameIndex + 1
      stream.ahead = nextOf(stream.frames)
      // Its error is for whoever asks for the next frame.
      stream.ahead.catch(() => {})
      if (frame.frameIndex === frameIndex) return frame
    }
  }

  #openStream(first: number): void {
    this.#stream?.frames.return?.().catch(() => {})
    const range = { first, last: this.#video.frameCount - 1 }
    const frames = this.#video.frames(range, this.#stop.signal)[Symbol.asyncIterator]()
    this.#stream = { frames, nextIndex: first, ahead: nextOf(frames) }
  }

  async #takeBackwards(frameIndex: number): Promise<DecodedFrame | null> {
    if (!this.#block.has(frameIndex)) {
      const { widthPx, heightPx } = this.#video
      const fitting = Math.floor(blockBytes / (widthPx * heightPx * 3))
      const frames = Math.min(Math.max(fitting, 1), longestBlock)
      const range = { first: Math.max(0, frameIndex - frames + 1), last: frameIndex }
      const block = new Map<number, DecodedFrame>()
      for await (const frame of this.#video.frames(range, this.#stop.signal))
        block.set(frame.frameIndex, frame)
      this.#block = block
    }
    const frame = this.#block.get(frameIndex) ?? null
    this.#block.delete(frameIndex)
    return frame
  }
}

async function nextOf(frames: AsyncIterator<DecodedFrame>): Promise<DecodedFrame | null> {
  const { done, value } = await frames.next()
  return done ? null : value
}
