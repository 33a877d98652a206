import { Worker } from 'node:worker_threads'
import type { ImageNumbers } from '../../../models/sam2/image-features.ts'
import { endThread } from './end-thread.ts'
import type { ModelChoice } from './load-model.ts'
import { receiveError } from './passed-error.ts'
import { threadEntry } from './thread-entry.ts'
import type { PassedError } from './tracker-protocol.ts'
import { TrackerGone } from './tracking-errors.ts'

/** An RGB picture of any size: heightPx * widthPx * 3 bytes. */
export interface Picture {
  readonly rgb: Uint8Array
  readonly widthPx: number
  readonly heightPx: number
}

export interface ToPictureThread extends Picture {
  readonly id: number
}

export type FromPictureThread =
  | { readonly kind: 'encoded'; readonly id: number; readonly numbers: ImageNumbers }
  | { readonly kind: 'failed'; readonly id: number; readonly error: PassedError }

interface Pending {
  readonly pixels: Uint8Array<SharedArrayBuffer>
  resolve(numbers: ImageNumbers): void
  reject(error: Error): void
}

/**
 * Encodes pictures on a thread of its own, with a second model of the same choice, of which only the image encoder and
 * the frame preparation are made. Running a graph blocks its thread, so this is what lets the next frame's picture be
 * looked at while this frame's objects are tracked.
 */
export class PictureEncoder {
  readonly #worker: Worker
  readonly #pending = new Map<number, Pending>()
  /** Pixels that both threads see, kept from picture to picture: a film's frames are large, and all of one size. */
  #free: Uint8Array<SharedArrayBuffer>[] = []
  #nextId = 0
  #gone: Error | null = null

  constructor(choice: Omit<ModelChoice, 'onRun'>) {
    this.#worker = new Worker(threadEntry('picture-thread'), { workerData: choice, execArgv: [] })
    this.#worker.on('message', (message: FromPictureThread) => this.#receive(message))
    this.#worker.on('error', (error) => this.#end(error))
    this.#worker.on('exit', (code) => this.#end(new Error(`The picture thread ended with code ${code}.`)))
  }

  /**
   * Resizes a picture to the model's size and encodes it; several wait for each other.
   * @throws what loading the model and running it throw; TrackerGone when the thread ends first
   */
  encode({ rgb, widthPx, heightPx }: Picture): Promise<ImageNumbers> {
    if (this.#gone !== null) return Promise.reject(this.#gone)
    const id = this.#nextId++
    return new Promise((resolve, reject) => {
      const pixels = this.#pixelsOf(rgb)
      this.#pending.set(id, { pixels, resolve, reject })
      this.#worker.postMessage({ id, rgb: pixels, widthPx, heightPx } satisfies ToPictureThread)
    })
  }

  /** Ends the thread; what it works on is given up. */
  async close(): Promise<void> {
    this.#end(null)
    await endThread(this.#worker)
  }

  /** A copy of a picture in shared memory. */
  #pixelsOf(rgb: Uint8Array): Uint8Array<SharedArrayBuffer> {
    this.#free = this.#free.filter(({ length }) => length === rgb.length)
    const pixels = this.#free.pop() ?? new Uint8Array(new SharedArrayBuffer(rgb.length))
    pixels.set(rgb)
    return pixels
  }

  #receive(message: FromPictureThread): void {
    const pending = this.#pending.get(message.id)
    this.#pending.delete(message.id)
    if (pending !== undefined) this.#free.push(pending.pixels)
    switch (message.kind) {
      case 'encoded':
        pending?.resolve(message.numbers)
        return
      case 'failed':
        pending?.reject(receiveError(message.error))
        return
    }
  }

  #end(cause: unknown): void {
    this.#gone ??= new TrackerGone(cause)
    for (const { reject } of this.#pending.values()) reject(this.#gone)
    this.#pending.clear()
  }
}
