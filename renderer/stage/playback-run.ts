import type { PlaybackClock } from './playback-clock.ts'

/** Where the pictures of a run come from. */
export interface PictureSupply {
  /** Whether the picture of a frame can be shown at once. */
  has(frameIndex: number): boolean
  /** Whether the picture of a frame was asked for and could not be had. */
  lost(frameIndex: number): boolean
  /** Frames that are needed, most urgent first; replaces what was wanted before. */
  want(frameIndexes: readonly number[]): void
  /** Pictures a second that came lately, or null before that can be told. */
  deliveredPerSecond(): number | null
}

/** What one tick of a run asks the stage to do. */
export interface PlaybackTick {
  /** The frame to show from now on, or null to leave what is shown. */
  readonly show: number | null
  readonly ended: boolean
  /** Frames left out by this tick. */
  readonly dropped: number
}

/** How many pictures are asked for ahead of the film. */
const AHEAD = 24
/** Above this many pictures a second nobody sees more. */
const SCREEN_RATE = 60
const LARGEST_STRIDE = 32
/** How long the film may run without a picture before it waits, in seconds. */
const PATIENCE_SECONDS = 0.6
/** How many of the next pictures must be there before a film that waits goes on. */
const READY_COUNT = 4
/** Waits no longer than this once a single picture is there, in seconds. */
const LONGEST_WAIT_SECONDS = 1.5

/**
 * Plays pictures against the clock. A picture that is late is left out and the newest one that is there is shown, always
 * under its own number; when none come for a while, and at the start, the clock waits for a few of them.
 */
export class PlaybackRun {
  private readonly clock: PlaybackClock
  private readonly supply: PictureSupply
  private shown: number
  private shownAt: number
  private waitingSince: number | null

  constructor(clock: PlaybackClock, supply: PictureSupply, moment: number) {
    this.clock = clock
    this.supply = supply
    this.shown = clock.read(moment).position
    this.shownAt = moment
    this.waitingSince = moment
  }

  setRate(rate: number, moment: number): void {
    this.clock.setRate(rate, moment)
  }

  tick(moment: number): PlaybackTick {
    if (this.waitingSince !== null) return this.wait(moment, this.waitingSince)
    const { position, ended } = this.clock.read(moment)
    const found = this.newestReady(position)
    let dropped = 0
    if (found !== null) {
      dropped = found - this.shown - 1
      this.shown = found
    }
    if (found !== null || position === this.shown) this.shownAt = moment
    else if (moment - this.shownAt > PATIENCE_SECONDS) this.waitingSince = moment
    this.supply.want(this.wanted(position))
    return {
      show: found === null ? null : this.clock.frameOf(found),
      ended: ended && this.shown === position,
      dropped,
    }
  }

  private wait(moment: number, since: number): PlaybackTick {
    this.clock.resumeAt(this.shown, moment)
    const wanted = this.wanted(this.shown)
    this.supply.want(wanted)
    const next = wanted.slice(0, READY_COUNT)
    const ready = next.filter((frame) => this.supply.has(frame)).length
    if (ready === next.length || (ready > 0 && moment - since > LONGEST_WAIT_SECONDS)) {
      this.waitingSince = null
      this.shownAt = moment
    }
    const dropped = ready === 0 && moment - since > LONGEST_WAIT_SECONDS ? this.passLost(wanted, moment) : 0
    return { show: null, ended: false, dropped }
  }

  /** Leaves out the next pictures that could not be had, for which the film would wait forever, and says how many frames. */
  private passLost(wanted: readonly number[], moment: number): number {
    const present = wanted.findIndex((frame) => !this.supply.lost(frame))
    const passed = wanted[(present === -1 ? wanted.length : present) - 1]
    if (passed === undefined) return 0
    const count = this.clock.frameCount
    const frames = (passed - this.clock.frameOf(this.shown) + count) % count
    this.shown += frames
    this.waitingSince = moment
    return frames
  }

  /** Newest position after the one shown, up to the clock's, whose picture is there. */
  private newestReady(position: number): number | null {
    const oldest = Math.max(this.shown + 1, position - this.clock.frameCount + 1)
    for (let candidate = position; candidate >= oldest; candidate--) {
      if (this.supply.has(this.clock.frameOf(candidate))) return candidate
    }
    return null
  }

  /** The frames ahead, only every n-th where the film is faster than pictures come or than a screen shows. */
  private wanted(position: number): number[] {
    const needed = this.clock.framesPerSecond(position)
    const possible = Math.max(1, Math.min(SCREEN_RATE, this.supply.deliveredPerSecond() ?? SCREEN_RATE))
    const stride = Math.max(1, Math.min(LARGEST_STRIDE, Math.ceil(needed / possible - 0.05)))
    const count = this.clock.frameCount
    const wanted = new Set<number>()
    for (let at = position; wanted.size < AHEAD;) {
      // Multiples of the stride within a round, so that each round of a loop asks for the same pictures.
      const offset = at % count
      const next = Math.min(
        (Math.floor(offset / stride) + 1) * stride,
        offset === count - 1 ? count : count - 1,
      )
      if (next === count && !this.clock.span.loop) break
      at += next - offset
      const frame = this.clock.frameOf(at)
      if (wanted.has(frame)) break
      wanted.add(frame)
    }
    return [...wanted]
  }
}
