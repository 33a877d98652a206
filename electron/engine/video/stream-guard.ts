import { FrameOutOfRange, VideoSourceClosed } from './video-errors.ts'
import type { DecodedFrame, FrameRange } from './video-source.ts'

/** The part that every source has in common: bounds, and an end to everything when it is closed. */
export interface StreamGuard {
  /** Bounds are checked at the call, not at the first frame. @throws FrameOutOfRange, VideoSourceClosed */
  frames(range?: FrameRange, signal?: AbortSignal): AsyncIterable<DecodedFrame>
  /** @throws FrameOutOfRange, VideoSourceClosed */
  check(frameIndex: number): void
  /** Stops all streams with VideoSourceClosed. */
  close(): void
}

/** Wraps the streaming of a source whose frames are 0 to `frameCount` - 1. */
export function guardStreams(
  path: string,
  frameCount: number,
  stream: (range: FrameRange, signal: AbortSignal) => AsyncIterable<DecodedFrame>,
): StreamGuard {
  const closed = new AbortController()

  function check(frameIndex: number): void {
    closed.signal.throwIfAborted()
    if (!Number.isInteger(frameIndex) || frameIndex < 0 || frameIndex >= frameCount) {
      throw new FrameOutOfRange(path, frameIndex, frameCount)
    }
  }

  async function* run(range: FrameRange, signal: AbortSignal): AsyncGenerator<DecodedFrame, void, undefined> {
    signal.throwIfAborted()
    if (range.first <= range.last) yield* stream(range, signal)
  }

  return {
    check,
    frames(range = { first: 0, last: frameCount - 1 }, signal) {
      closed.signal.throwIfAborted()
      if (range.first <= range.last) {
        check(range.first)
        check(range.last)
      }
      return run(range, signal === undefined ? closed.signal : AbortSignal.any([closed.signal, signal]))
    },
    close: () => closed.abort(new VideoSourceClosed(path)),
  }
}
