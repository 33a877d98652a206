import type { TrackProgress } from '../../contract/tracking.ts'

/** How far a run is, and how fast since it began or went on. */
export class RunTally {
  readonly #runId: number
  readonly #framesBefore: number
  readonly #startedAt = performance.now()
  framesDone: number
  framesTotal: number
  #newestFrame: number | null = null

  /** @param framesDone those of an earlier start of the same run */
  constructor(runId: number, framesDone = 0, framesLeft = 0) {
    this.#runId = runId
    this.#framesBefore = framesDone
    this.framesDone = framesDone
    this.framesTotal = framesDone + framesLeft
  }

  count(frameIndex: number): void {
    this.framesDone++
    this.#newestFrame = frameIndex
  }

  progress(state: TrackProgress['state'], failure: string | null = null): TrackProgress {
    const done = this.framesDone - this.#framesBefore
    const seconds = (performance.now() - this.#startedAt) / 1_000
    const framesPerSecond = done > 0 && seconds > 0 ? done / seconds : null
    const left = Math.max(0, this.framesTotal - this.framesDone)
    return {
      runId: this.#runId,
      state,
      framesDone: this.framesDone,
      framesTotal: Math.max(this.framesTotal, this.framesDone),
      framesPerSecond,
      secondsLeft: framesPerSecond === null ? null : left / framesPerSecond,
      frameIndex: this.#newestFrame,
      failure,
    }
  }
}
