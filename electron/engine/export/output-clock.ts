import type { VideoSource } from '../video/video-source.ts'
import type { ExportSelection } from './frame-sink.ts'

/** The clock of a written film: which tick each frame is shown at. */
export interface OutputClock {
  /** Ticks a second of the written video track. */
  readonly timescale: number
  /** Taken off every time of the source, in seconds; sound is moved by the same. */
  readonly offsetSeconds: number
  /** When a frame of the source is shown in the written film. */
  ticksAt(frameIndex: number): number
  /** How long: until the next selected frame, or to the end of the source. */
  durationTicks(frameIndex: number): number
}

type TimedSource = Pick<
  VideoSource,
  'frameCount' | 'presentationTicks' | 'presentationTimes' | 'timeBase' | 'lastFrameTicks'
>

/** Finer clocks are rounded to this: players keep 32 bits for durations in places. */
const finestTimescale = 1_000_000

/** A source whose clock starts later than this (a recorded broadcast) would begin with a long black nothing. */
const longestLeadSeconds = 10

/**
 * The rule for times:
 * - The clock is the source's own where one tick is a whole fraction of a second not finer than a microsecond, so
 *   times are equal to the tick; else it is the microsecond.
 * - A film from the source's first frame keeps the source's times, whether they begin at 0 or later. Only when they
 *   begin before 0 or more than ten seconds after it is the first frame moved to 0.
 * - A film from a later frame (`first` > 0) begins at 0.
 */
export function outputClock(source: TimedSource, { range, step }: ExportSelection): OutputClock {
  const { first } = range
  const { numerator, denominator } = source.timeBase
  const isOwnClock = denominator <= finestTimescale
  const timescale = isOwnClock ? denominator : finestTimescale
  const toTicks = (sourceTicks: number): number =>
    isOwnClock ? sourceTicks * numerator : Math.round((sourceTicks * numerator * timescale) / denominator)

  const firstTicks = toTicks(source.presentationTicks[first]!)
  const keepsTimes = first === 0 && firstTicks >= 0 && firstTicks <= longestLeadSeconds * timescale
  const offsetTicks = keepsTimes ? 0 : firstTicks
  const absoluteTicks = (frameIndex: number): number =>
    frameIndex < source.frameCount
      ? toTicks(source.presentationTicks[frameIndex]!)
      : toTicks(source.presentationTicks[source.frameCount - 1]! + source.lastFrameTicks)
  return {
    timescale,
    offsetSeconds: offsetTicks / timescale,
    ticksAt: (frameIndex) => absoluteTicks(frameIndex) - offsetTicks,
    durationTicks: (frameIndex) => Math.max(1, absoluteTicks(frameIndex + step) - absoluteTicks(frameIndex)),
  }
}
