import type { OverlayAnswer, OverlayJob } from './overlay-job.ts'

/** The part of a Worker that a painter needs. */
export interface OverlayWorker {
  postMessage(job: OverlayJob): void
  onmessage: ((event: MessageEvent<OverlayAnswer>) => void) | null
  terminate(): void
}

/** A finished overlay and the job it answers. The bitmap belongs to the painter; it is closed when it is dropped. */
export interface PaintedOverlay {
  readonly key: string
  readonly job: OverlayJob
  readonly picture: ImageBitmap
}

/** An overlay to be drawn. */
export type OverlayWish = Omit<OverlayJob, 'id'>

/**
 * Lets a worker draw overlays: one at a time, and of those that wait only the newest. Finished ones are kept up to a
 * number of bytes, so that a loop or a step back draws nothing twice.
 */
export class OverlayPainter {
  private readonly worker: OverlayWorker
  private readonly maxBytes: number
  private readonly onPainted: (overlay: PaintedOverlay) => void
  private readonly kept = new Map<string, PaintedOverlay>()
  private bytes = 0
  private nextId = 1
  private underway: { readonly job: OverlayJob; readonly key: string } | null = null
  private waiting: { readonly wish: OverlayWish; readonly key: string } | null = null
  /** Key of the newest overlay handed on; it stays whatever else is dropped. */
  private shownKey: string | null = null
  /** Whether the newest wish came from what is kept, so that an older one must not come after it. */
  private isSettled = true

  constructor(worker: OverlayWorker, maxBytes: number, onPainted: (overlay: PaintedOverlay) => void) {
    this.worker = worker
    this.maxBytes = maxBytes
    this.onPainted = onPainted
    worker.onmessage = ({ data }) => {
      this.receive(data)
    }
  }

  /**
   * Asks for an overlay; it comes by `onPainted`, at once if it is kept, or never if a newer wish overtakes it.
   * @param key equal for equal wishes
   */
  paint(key: string, wish: OverlayWish): void {
    const kept = this.kept.get(key)
    if (kept !== undefined) {
      this.kept.delete(key)
      this.kept.set(key, kept)
      this.waiting = null
      this.isSettled = true
      this.show(key, kept)
      return
    }
    this.isSettled = false
    if (this.underway?.key === key) {
      this.waiting = null
      return
    }
    this.waiting = { wish, key }
    this.next()
  }

  close(): void {
    this.worker.terminate()
    for (const { picture } of this.kept.values()) picture.close()
    this.kept.clear()
  }

  private next(): void {
    if (this.underway !== null || this.waiting === null) return
    const { wish, key } = this.waiting
    const job = { ...wish, id: this.nextId++ }
    this.waiting = null
    this.underway = { job, key }
    this.worker.postMessage(job)
  }

  private receive(answer: OverlayAnswer): void {
    const { underway } = this
    if (underway === null || underway.job.id !== answer.id) {
      answer.picture?.close()
      return
    }
    this.underway = null
    if (answer.picture !== null) {
      const overlay = { key: underway.key, job: underway.job, picture: answer.picture }
      if (!this.isSettled) this.show(underway.key, overlay)
      this.keep(underway.key, overlay)
    }
    this.next()
  }

  private show(key: string, overlay: PaintedOverlay): void {
    this.shownKey = key
    this.onPainted(overlay)
  }

  private keep(key: string, overlay: PaintedOverlay): void {
    this.kept.set(key, overlay)
    this.bytes += bytesOf(overlay)
    for (const [oldest, { picture }] of this.kept) {
      if (this.bytes <= this.maxBytes) return
      if (oldest === this.shownKey) continue
      this.bytes -= picture.width * picture.height * 4
      this.kept.delete(oldest)
      picture.close()
    }
  }
}

function bytesOf({ picture }: PaintedOverlay): number {
  return picture.width * picture.height * 4
}
