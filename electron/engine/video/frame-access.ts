import type { DecodedFrame, FrameRange } from './video-source.ts'

/** What random access needs to know of a video. */
export interface StreamedVideo {
  readonly frameCount: number
  readonly frameBytes: number
  /** The frame at or before this one at which decoding can start. */
  keyframeBefore(frameIndex: number): number
  stream(range: FrameRange, signal: AbortSignal): AsyncIterable<DecodedFrame>
}

/** A decoder that was left standing after the frame it gave last. */
interface Cursor {
  readonly frames: AsyncIterator<DecodedFrame>
  readonly stop: AbortController
  nextIndex: number
}

/** Frames that are decoded at once when somebody steps backwards. */
const backwardFrames = 32
/** Costs in units of one frame decoded but not delivered: starting a decoder, and delivering a frame's pixels. */
const startCost = 60
const deliveryCost = 4
const idleMilliseconds = 10_000

/**
 * Random access on top of streaming: keeps decoded frames up to a number of bytes and one decoder that stands after
 * the last frame, so that stepping forward reads on. Stepping backwards decodes a run of frames before. Requests are
 * served one after the other, in order; aborted ones are left out.
 */
export class FrameAccess {
  readonly #video: StreamedVideo
  readonly #capacity: number
  /** Least recently used first. */
  readonly #kept = new Map<number, DecodedFrame>()
  #cursor: Cursor | null = null
  #idleTimer: NodeJS.Timeout | undefined
  #turn: Promise<unknown> = Promise.resolve()

  /** @param cacheBytes upper limit of the pixels kept; at least two frames are kept in any case */
  constructor(video: StreamedVideo, cacheBytes: number) {
    this.#video = video
    this.#capacity = Math.max(2, Math.floor(cacheBytes / video.frameBytes))
  }

  async frameAt(frameIndex: number, signal?: AbortSignal): Promise<DecodedFrame> {
    signal?.throwIfAborted()
    const kept = this.#recall(frameIndex)
    if (kept !== undefined) return kept
    const result = this.#turn.then(() => {
      signal?.throwIfAborted()
      return this.#recall(frameIndex) ?? this.#decode(frameIndex, signal)
    })
    this.#turn = result.catch(() => undefined)
    return signal === undefined ? result : Promise.race([result, rejectionOf(signal, result)])
  }

  /** Ends the decoder, forgets all frames and waits for the request that is being served. */
  async close(): Promise<void> {
    this.#dropCursor()
    await this.#turn
    this.#dropCursor()
    this.#kept.clear()
  }

  async #decode(frameIndex: number, signal: AbortSignal | undefined): Promise<DecodedFrame> {
    clearTimeout(this.#idleTimer)
    const onAbort = (): void => this.#dropCursor()
    signal?.addEventListener('abort', onAbort, { once: true })
    try {
      if (this.#cursor !== null && this.#isCursorNear(this.#cursor, frameIndex)) {
        // A decoder that stood idle may have died meanwhile; a new one gets its chance.
        const frame = await this.#readTo(this.#cursor, frameIndex).catch(() => undefined)
        if (frame !== undefined) return frame
        signal?.throwIfAborted()
      }
      this.#dropCursor()
      this.#cursor = this.#startCursor(frameIndex)
      return await this.#readTo(this.#cursor, frameIndex)
    } catch (error) {
      this.#dropCursor()
      signal?.throwIfAborted()
      throw error
    } finally {
      signal?.removeEventListener('abort', onAbort)
      this.#idleTimer = setTimeout(() => this.#dropCursor(), idleMilliseconds).unref()
    }
  }

  #isCursorNear(cursor: Cursor, frameIndex: number): boolean {
    const delivered = frameIndex - cursor.nextIndex
    const decodedAnew = frameIndex - this.#video.keyframeBefore(frameIndex)
    return delivered >= 0 && delivered * deliveryCost <= startCost + decodedAnew
  }

  #startCursor(frameIndex: number): Cursor {
    const isSteppingBack = this.#kept.has(frameIndex + 1)
    const back = isSteppingBack ? Math.min(backwardFrames, Math.floor(this.#capacity / 2)) - 1 : 0
    const first = Math.max(0, frameIndex - back)
    const stop = new AbortController()
    const range = { first, last: this.#video.frameCount - 1 }
    const frames = this.#video.stream(range, stop.signal)[Symbol.asyncIterator]()
    return { frames, stop, nextIndex: first }
  }

  async #readTo(cursor: Cursor, frameIndex: number): Promise<DecodedFrame> {
    for (;;) {
      const { done, value } = await cursor.frames.next()
      if (done) throw new Error(`The stream ended before frame ${frameIndex}.`)
      cursor.nextIndex = value.frameIndex + 1
      this.#keep(value)
      if (value.frameIndex === frameIndex) return value
    }
  }

  #dropCursor(): void {
    clearTimeout(this.#idleTimer)
    const cursor = this.#cursor
    this.#cursor = null
    cursor?.stop.abort()
    cursor?.frames.return?.().catch(() => undefined)
  }

  #recall(frameIndex: number): DecodedFrame | undefined {
    const frame = this.#kept.get(frameIndex)
    if (frame !== undefined) this.#keep(frame)
    return frame
  }

  #keep(frame: DecodedFrame): void {
    this.#kept.delete(frame.frameIndex)
    this.#kept.set(frame.frameIndex, frame)
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= this.#capacity) return
      this.#kept.delete(oldest)
    }
  }
}

/** Rejects with the signal's reason when it fires before the work settles; otherwise follows the work. */
function rejectionOf<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason)
    signal.addEventListener('abort', onAbort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}
