/** Where playing goes. The last frame is played, too. */
export interface PlaybackSpan {
  readonly first: number
  readonly last: number
  readonly loop: boolean
}

/** Frame at a moment. `position` counts the frames played since frame `first`, over all rounds of a loop. */
export interface ClockReading {
  readonly position: number
  readonly ended: boolean
}

/**
 * Says which frame belongs on the screen at a moment, by the file's presentation times. Knows no timer: moments are
 * handed in, in seconds of any steady clock.
 */
export class PlaybackClock {
  readonly span: PlaybackSpan
  private readonly times: Float64Array
  private rate: number
  private anchorMoment: number
  /** Seconds since the presentation time of frame `first`, over all rounds. */
  private anchorSeconds: number

  /**
   * @param times presentation times in seconds of all frames of the video, increasing
   * @param rate times source speed, above 0
   */
  constructor(times: Float64Array, span: PlaybackSpan, rate: number, startFrame: number, moment: number) {
    this.times = times
    this.span = span
    this.rate = rate
    this.anchorMoment = moment
    this.anchorSeconds = times[Math.max(span.first, Math.min(span.last, startFrame))]! - times[span.first]!
  }

  /** Frames of one round. */
  get frameCount(): number {
    return this.span.last - this.span.first + 1
  }

  /** The frame that a position stands for. */
  frameOf(position: number): number {
    return this.span.first + (this.span.loop ? position % this.frameCount : position)
  }

  read(moment: number): ClockReading {
    const seconds = this.secondsAt(moment)
    const round = this.roundSeconds()
    if (!this.span.loop) {
      const ended = seconds >= round
      return { position: ended ? this.frameCount - 1 : this.offsetAt(seconds), ended }
    }
    const rounds = Math.floor(seconds / round)
    return { position: rounds * this.frameCount + this.offsetAt(seconds - rounds * round), ended: false }
  }

  /** Another speed from this moment on. */
  setRate(rate: number, moment: number): void {
    this.anchorSeconds = this.secondsAt(moment)
    this.anchorMoment = moment
    this.rate = rate
  }

  /** Goes on from a position at this moment: for when pictures did not come and the film had to wait. */
  resumeAt(position: number, moment: number): void {
    const rounds = this.span.loop ? Math.floor(position / this.frameCount) : 0
    const frame = this.frameOf(position)
    this.anchorSeconds = rounds * this.roundSeconds() + this.times[frame]! - this.times[this.span.first]!
    this.anchorMoment = moment
  }

  /** Frames a second that this stretch of the film asks for at the present rate. */
  framesPerSecond(position: number): number {
    const first = Math.max(0, Math.min(this.times.length - 2, this.frameOf(position) - 8))
    const last = Math.min(this.times.length - 1, first + 16)
    const seconds = this.times[last]! - this.times[first]!
    return seconds > 0 ? ((last - first) / seconds) * this.rate : this.rate
  }

  private secondsAt(moment: number): number {
    return this.anchorSeconds + Math.max(0, moment - this.anchorMoment) * this.rate
  }

  /** How long one round lasts; the last frame stays as long as the one before it, a lone one for a second. */
  private roundSeconds(): number {
    const { first, last } = this.span
    const before = Math.max(0, last - 1)
    const lastLasts = last > before ? this.times[last]! - this.times[before]! : 1
    return this.times[last]! - this.times[first]! + Math.max(lastLasts, 1e-3)
  }

  /** Newest frame at a time, as an offset from `first`. */
  private offsetAt(seconds: number): number {
    // A hair of tolerance, so that a frame's own time never reads as the frame before.
    const time = this.times[this.span.first]! + seconds + 1e-7
    let low = this.span.first
    let high = this.span.last
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (this.times[middle]! <= time) low = middle
      else high = middle - 1
    }
    return low - this.span.first
  }
}
