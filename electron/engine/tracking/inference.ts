import { TrackerClient, type TrackerListeners } from './tracker-client.ts'
import type {
  FeatureState,
  LoadedTracker,
  StageTimes,
  TrackerModel,
  TrackerRequestName,
  TrackerRequests,
} from './tracker-protocol.ts'
import { UserFacingError } from '../../contract/errors.ts'
import { TrackerGone } from './tracking-errors.ts'
import { WorkQueue, type Priority } from './work-queue.ts'

export interface InferenceOptions extends Pick<TrackerListeners, 'picture' | 'onNotice'> {
  /** The model that the settings name now. */
  wantedModel(): TrackerModel
  /** A picture is being encoded, or no longer. */
  onFeatures(contentId: string, frameIndex: number, state: FeatureState): void
  /** A model was loaded; it may run elsewhere than asked for. */
  onLoaded(loaded: LoadedTracker): void
  onGone(error: unknown): void
  /** The engine's end of the tracker thread; a thread of its own by default. */
  readonly openClient?: (listeners: TrackerListeners) => Pick<TrackerClient, 'request' | 'close'>
}

interface Loaded {
  readonly key: string
  readonly wanted: TrackerModel
  readonly tracker: LoadedTracker
}

/** Why and how a model runs otherwise than wanted. */
interface Instead {
  readonly reason: string
  readonly at: 'fp32' | 'processor'
}

/** Asks the tracker thread; the model is the one of the settings when the piece of work began. */
export type Ask = <Name extends Exclude<TrackerRequestName, 'load'>>(
  name: Name,
  params: TrackerRequests[Name]['params'],
) => Promise<TrackerRequests[Name]['result']>

/** The model in use, one piece of work at a time, the most urgent first. */
export class Inference {
  readonly #options: InferenceOptions
  readonly #client: Pick<TrackerClient, 'request' | 'close'>
  /** How a wanted model runs instead, by its key: its device failed at work. */
  readonly #failures = new Map<string, Instead>()
  readonly #queue = new WorkQueue()
  readonly #encoded = new Set<string>()
  readonly #stageTimes = new Map<string, StageTimes>()
  #loaded: Loaded | null = null
  /** Grows with every model that is loaded: walks and answers of the one before are gone. */
  #generation = 0
  #closed = false

  constructor(options: InferenceOptions) {
    this.#options = options
    const openClient = options.openClient ?? ((listeners) => new TrackerClient(listeners))
    this.#client = openClient({
      picture: (contentId, frameIndex) => options.picture(contentId, frameIndex),
      onFeatures: (contentId, frameIndex, state) => {
        const key = `${contentId}:${String(frameIndex)}`
        if (state === 'encoded') this.#encoded.add(key)
        else this.#encoded.delete(key)
        options.onFeatures(contentId, frameIndex, state)
      },
      onNotice: (sentence) => {
        options.onNotice(sentence)
      },
      onGone: (error) => {
        this.#forget()
        options.onGone(error)
      },
    })
  }

  /** The loaded model; null before the first piece of work. */
  get loaded(): LoadedTracker | null {
    return this.#loaded?.tracker ?? null
  }

  get generation(): number {
    return this.#generation
  }

  /** How many pieces of work wait that are at least as urgent. */
  waiting(priority: Priority): number {
    return this.#queue.waiting(priority)
  }

  isEncoded(contentId: string, frameIndex: number): boolean {
    return this.#encoded.has(`${contentId}:${String(frameIndex)}`)
  }

  /** What was measured of this model on this machine; empty before it ran. */
  measuredTimes(model: TrackerModel): StageTimes {
    return this.#stageTimes.get(keyOf(model)) ?? {}
  }

  /**
   * Does a piece of work with the model once its turn has come. Where the device fails, the work is done once more from its
   * beginning with the model on the processor, or first at fp32 where numbers at fp16 were none.
   * @throws what the work throws, and what loading the model throws
   */
  run<Value>(priority: Priority, work: (ask: Ask, loaded: LoadedTracker) => Promise<Value>): Promise<Value> {
    return this.#queue.add(priority, async () => {
      const ask: Ask = (name, params) => this.#client.request(name, params)
      for (;;) {
        // What the settings name may be another one by the time the work fails.
        const { key, wanted, tracker } = await this.#load()
        try {
          return await work(ask, tracker)
        } catch (error) {
          if (this.#closed || tracker.device === 'cpu' || !isDeviceFailure(error)) throw error
          const canLeaveHalf =
            error.code === 'wrong-numbers' && wanted.precision !== 'fp32' && !this.#failures.has(key)
          this.#failures.set(key, { reason: error.message, at: canLeaveHalf ? 'fp32' : 'processor' })
          this.#forget()
        }
      }
    })
  }

  /** Has models run as the settings name them again: a person has chosen a device, or looked whether it works now. */
  forgetFailures(): void {
    const isInstead = this.#loaded !== null && this.#failures.has(this.#loaded.key)
    this.#failures.clear()
    if (isInstead) this.#forget()
  }

  /** Keeps the measured times of the loaded model for estimates. */
  async noteTimes(): Promise<void> {
    const loaded = this.#loaded
    if (loaded !== null) this.#stageTimes.set(loaded.key, await this.#client.request('stageTimes', {}))
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#forget()
    await this.#client.close()
  }

  async #load(): Promise<Loaded> {
    const wanted = this.#options.wantedModel()
    const key = keyOf(wanted)
    if (this.#loaded?.key === key) return this.#loaded
    this.#forget()
    const loaded = { key, wanted, tracker: await this.#loadFallingBack(key, wanted) }
    this.#loaded = loaded
    this.#generation++
    this.#options.onLoaded(loaded.tracker)
    return loaded
  }

  /** The thread may end while the model is made ready. */
  async #loadFallingBack(key: string, wanted: TrackerModel): Promise<LoadedTracker> {
    const failure = this.#failures.get(key)
    try {
      return await this.#loadInstead(wanted, failure)
    } catch (error) {
      const isOnDevice = wanted.device !== 'cpu' && failure?.at !== 'processor'
      if (this.#closed || !isOnDevice || !(error instanceof TrackerGone)) throw error
      const instead = { reason: error.message, at: 'processor' } as const
      this.#failures.set(key, instead)
      return this.#loadInstead(wanted, instead)
    }
  }

  async #loadInstead(wanted: TrackerModel, failure: Instead | undefined): Promise<LoadedTracker> {
    switch (failure?.at) {
      case undefined:
        return this.#client.request('load', wanted)
      case 'fp32': {
        const tracker = await this.#client.request('load', { ...wanted, precision: 'fp32' })
        this.#options.onNotice(`${failure.reason} The model goes on at fp32.`)
        return tracker
      }
      case 'processor': {
        const tracker = await this.#client.request('load', { ...wanted, device: 'cpu' })
        return { ...tracker, fallback: `${failure.reason} The model goes on on the processor.` }
      }
    }
  }

  #forget(): void {
    this.#loaded = null
    this.#encoded.clear()
  }
}

/** A graph that the device did not run, or did not run well, or the end of the thread that ran it. */
function isDeviceFailure(error: unknown): error is UserFacingError {
  if (error instanceof TrackerGone) return true
  return error instanceof UserFacingError && ['inference-failed', 'wrong-numbers'].includes(error.code)
}

function keyOf(model: TrackerModel): string {
  return JSON.stringify(model)
}
