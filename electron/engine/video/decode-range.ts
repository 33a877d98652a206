import { ChildProcessFailed } from '../processes/child-processes.ts'
import { startDecoder } from './frame-decoder.ts'
import type { DecoderInput, DecoderSelection } from './frame-decoder.ts'
import type { FrameTable } from './frame-table.ts'
import { VideoDecodeFailed } from './video-errors.ts'
import type { DecodedFrame, FrameRange } from './video-source.ts'

/** A place to start decoding: a keyframe, or null for the beginning of the file. */
type Start = number | null

/**
 * Decodes a range of frames in presentation order. Each frame is checked against the table by its own time. If a seek
 * did not arrive where it should, decoding starts again further ahead, at last from the beginning, and goes on with
 * the frame that is due: nothing is numbered wrong, left out or given twice.
 * @throws VideoDecodeFailed when ffmpeg fails or is killed, or a frame of the table does not come; the signal's reason
 */
export async function* decodeRange(
  input: DecoderInput,
  table: FrameTable,
  range: FrameRange,
  signal: AbortSignal,
): AsyncGenerator<DecodedFrame, void, undefined> {
  let due = range.first
  let lastFailure: VideoDecodeFailed | undefined
  for (const start of startsFor(table, range.first)) {
    if (due > range.last) return
    try {
      for await (const frame of decodeFrom(input, table, start, { first: due, last: range.last }, signal)) {
        due = frame.frameIndex + 1
        yield frame
      }
      return
    } catch (error) {
      if (!(error instanceof FrameNotMet)) throw error
      lastFailure = new VideoDecodeFailed(input.path, due, 'the file lists it, but is damaged there.')
    }
  }
  if (lastFailure !== undefined) throw lastFailure
}

/** The decoder went past the frame that is due, or ended well before it. */
class FrameNotMet extends Error {}

function startsFor(table: FrameTable, first: number): Start[] {
  const nearest = table.keyframes.findLastIndex((keyframe) => keyframe <= first)
  const before = [table.keyframes[nearest], table.keyframes[nearest - 1]]
  return [...before.filter((keyframe) => keyframe !== undefined && keyframe > 0), null].map(
    (start) => start ?? null,
  )
}

async function* decodeFrom(
  input: DecoderInput,
  table: FrameTable,
  start: Start,
  range: FrameRange,
  signal: AbortSignal,
): AsyncGenerator<DecodedFrame, void, undefined> {
  const { ticks, areTimesIdentities, countsAnew } = table
  const pixels: DecoderSelection = areTimesIdentities
    ? { by: 'ticks', first: ticks[range.first]!, end: ticks[range.last]! + 1 }
    : { by: 'count', first: countsAnew ? 0 : range.first, end: range.last + 1 }
  const decoder = startDecoder(input, {
    pixels,
    signal,
    ...(start === null ? {} : { seekSeconds: seekSecondsFor(input, table, start) }),
  })
  try {
    let due = range.first
    // Frames before the keyframe may lack their references, and a decoder may start without one.
    let hasMetStart = start === null
    for (let count = 0; due <= range.last; count++) {
      const next = await decoder.times.next()
      if (next.done) break
      const position = areTimesIdentities ? next.value : count
      if (start !== null && next.value === ticks[start]) hasMetStart = true
      if (position === null || position < pixels.first) continue
      if (countsAnew && count < range.first) {
        await decoder.nextPixels()
        continue
      }
      const isDue = areTimesIdentities ? position === ticks[due] : position === due
      if (!isDue || !hasMetStart) throw new FrameNotMet()
      const rgb = await decoder.nextPixels()
      if (rgb === null) break
      yield frameOf(input, table, due, rgb)
      due += 1
    }
    if (due > range.last) return
    const exit = await decoder.child.exit
    signal.throwIfAborted()
    if (exit.code === 0) throw new FrameNotMet()
    const failure = new ChildProcessFailed(input.tools.ffmpeg, exit, decoder.child.lastErrorLines())
    throw new VideoDecodeFailed(input.path, due, failure.message, failure)
  } finally {
    decoder.child.kill()
    // The pixels and times of a killed child are never read: wait so that no process is left when this ends.
    await decoder.child.exit
  }
}

/** A time at which a seek should end at this keyframe and not before; the frames tell whether it did. */
function seekSecondsFor(input: DecoderInput, table: FrameTable, keyframe: number): number {
  const { timeBase, seekMarginSeconds } = input
  const secondsOf = (frame: number) => (table.ticks[frame]! * timeBase.numerator) / timeBase.denominator
  const next = table.keyframes.find((other) => other > keyframe) ?? table.ticks.length - 1
  const halfWay = (secondsOf(keyframe) + secondsOf(next)) / 2
  return Math.max(secondsOf(keyframe), Math.min(secondsOf(keyframe) + seekMarginSeconds, halfWay))
}

function frameOf(input: DecoderInput, table: FrameTable, frameIndex: number, rgb: Uint8Array): DecodedFrame {
  const { timeBase, widthPx, heightPx } = input
  const timeSeconds = (table.ticks[frameIndex]! * timeBase.numerator) / timeBase.denominator
  return { frameIndex, timeSeconds, widthPx, heightPx, rgb }
}
