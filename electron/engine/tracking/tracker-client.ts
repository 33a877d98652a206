import { Worker } from 'node:worker_threads'
import { endThread } from './end-thread.ts'
import { passError, receiveError } from './passed-error.ts'
import { threadEntry } from './thread-entry.ts'
import type {
  FeatureState,
  FromTracker,
  ToTracker,
  TrackerRequestName,
  TrackerRequests,
} from './tracker-protocol.ts'
import { TrackerGone } from './tracking-errors.ts'

export interface TrackerListeners {
  /** A frame of a video in source size; the thread gets a copy. */
  picture(contentId: string, frameIndex: number): Promise<Uint8Array>
  onFeatures(contentId: string, frameIndex: number, state: FeatureState): void
  /** The model does not run as it was asked to. */
  onNotice(sentence: string): void
  /** The thread ended by itself. All its requests were rejected; the next one starts another thread. */
  onGone(error: unknown): void
}

interface Pending {
  resolve(value: unknown): void
  reject(error: Error): void
}

/** The engine's end of the tracker thread, which starts with the first request. */
export class TrackerClient {
  readonly #listeners: TrackerListeners
  readonly #pending = new Map<number, Pending>()
  #worker: Worker | null = null
  #nextId = 0

  constructor(listeners: TrackerListeners) {
    this.#listeners = listeners
  }

  /** @throws UserFacingError as the thread raised it; TrackerGone when it ends first */
  request<Name extends TrackerRequestName>(
    name: Name,
    params: TrackerRequests[Name]['params'],
  ): Promise<TrackerRequests[Name]['result']> {
    const worker = (this.#worker ??= this.#start())
    const id = this.#nextId++
    return new Promise((resolve, reject) => {
      this.#pending.set(id, {
        resolve: (value) => resolve(value as TrackerRequests[Name]['result']),
        reject,
      })
      this.#send(worker, { kind: 'request', id, name, params })
    })
  }

  /** Ends the thread; what it works on is given up. */
  async close(): Promise<void> {
    const worker = this.#worker
    this.#worker = null
    this.#rejectAll(new TrackerGone(null))
    if (worker !== null) await endThread(worker)
  }

  #start(): Worker {
    const worker = new Worker(threadEntry('tracker-thread'), { execArgv: [] })
    worker.on('message', (message: FromTracker) => {
      this.#receive(worker, message)
    })
    worker.on('error', (error) => {
      this.#gone(worker, error)
    })
    worker.on('exit', (code) => {
      this.#gone(worker, new Error(`The tracker thread ended with code ${String(code)}.`))
    })
    return worker
  }

  #gone(worker: Worker, error: unknown): void {
    if (this.#worker !== worker) return
    this.#worker = null
    this.#rejectAll(new TrackerGone(error))
    this.#listeners.onGone(error)
  }

  #rejectAll(error: Error): void {
    const pending = [...this.#pending.values()]
    this.#pending.clear()
    for (const { reject } of pending) reject(error)
  }

  #receive(worker: Worker, message: FromTracker): void {
    switch (message.kind) {
      case 'result':
        this.#take(message.id)?.resolve(message.value)
        return
      case 'failure':
        this.#take(message.id)?.reject(receiveError(message.error))
        return
      case 'needPicture':
        void this.#givePicture(worker, message)
        return
      case 'notice':
        this.#listeners.onNotice(message.sentence)
        return
      case 'features':
        this.#listeners.onFeatures(message.contentId, message.frameIndex, message.state)
        return
    }
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id)
    this.#pending.delete(id)
    return pending
  }

  async #givePicture(
    worker: Worker,
    { id, contentId, frameIndex }: Extract<FromTracker, { kind: 'needPicture' }>,
  ): Promise<void> {
    try {
      const rgb = await this.#listeners.picture(contentId, frameIndex)
      this.#send(worker, { kind: 'picture', id, rgb, failure: null })
    } catch (error) {
      this.#send(worker, { kind: 'picture', id, rgb: null, failure: passError(error) })
    }
  }

  #send(worker: Worker, message: ToTracker): void {
    worker.postMessage(message)
  }
}
