import type { Inference } from '../tracking/inference.ts'
import type { TrackingOptions } from '../tracking/tracking-options.ts'
import type { TrackedVideo } from '../tracking/tracker-protocol.ts'
import { PRIORITY } from '../tracking/work-queue.ts'
import type { FoundMask, ObjectWalk } from './object-walk.ts'
import { WalkLost, type RunAsk } from './run-ask.ts'

export interface LegTrackOptions {
  readonly inference: Inference
  readonly video: TrackedVideo
  readonly reverse: boolean
  readonly tracking: TrackingOptions
  /** Called before the thread begins anew, with nothing of this leg. @returns first frames of the shots that are known */
  onBegin(): readonly number[]
}

let lastTrackId = 0

/** What the tracker thread holds for a leg; begun again where the thread has got another model meanwhile. */
export class LegTrack {
  readonly #options: LegTrackOptions
  #trackId = 0
  #generation = -1
  #modelSizePx = 0

  constructor(options: LegTrackOptions) {
    this.#options = options
  }

  /** Finds an object on a frame, again where the thread has lost it meanwhile. @throws what `ObjectWalk.find` throws */
  async follow(walk: ObjectWalk, frameIndex: number): Promise<FoundMask | null> {
    for (;;) {
      try {
        await this.begin()
        return await walk.find(this.ask, frameIndex, this.#modelSizePx)
      } catch (error) {
        if (!(error instanceof WalkLost)) throw error
      }
    }
  }

  /** Tells the thread of a shot that was found. */
  async beginShot(frameIndex: number): Promise<void> {
    await this.begin()
    await this.ask('beginShot', { frameIndex }).catch((error: unknown) => {
      // It begins again with the shots that are known then.
      if (!(error instanceof WalkLost)) throw error
    })
  }

  /** Has the thread know the leg. @returns another number each time it had to begin anew */
  async begin(): Promise<number> {
    const { inference, video, reverse, tracking, onBegin } = this.#options
    if (this.#generation === inference.generation) return this.#trackId
    const shotStarts = onBegin()
    this.#trackId = ++lastTrackId
    const trackId = this.#trackId
    this.#generation = await inference.run(PRIORITY.run, async (ask, loaded) => {
      await ask('beginTrack', { trackId, video, reverse, tracking, shotStarts })
      this.#modelSizePx = loaded.inputSizePx
      return inference.generation
    })
    return trackId
  }

  /** @throws WalkLost where the thread has to begin anew; what the thread throws */
  readonly ask: RunAsk = (name, params) => {
    const { inference } = this.#options
    const trackId = this.#trackId
    return inference.run(PRIORITY.run, (ask) => {
      if (inference.generation !== this.#generation) throw new WalkLost()
      return ask(name, { ...params, trackId } as Parameters<typeof ask<typeof name>>[1])
    })
  }

  async end(): Promise<void> {
    const { inference } = this.#options
    if (this.#generation !== inference.generation || inference.loaded === null) return
    const trackId = this.#trackId
    await inference.run(PRIORITY.run, (ask) => ask('endTrack', { trackId })).catch(() => {})
  }
}
