import type { ExportProgress, ExportRequest } from '../../contract/export-options.ts'
import { toFailure } from '../../contract/failure.ts'
import { exportProject } from '../export/project-export.ts'
import type { ExportOutcome } from '../export/export-frames.ts'
import { failureSentence } from '../failure-sentence.ts'
import type { ProjectStore } from '../project/project-store.ts'
import type { MediaTools } from '../video/media-tools.ts'
import type { VideoPool } from './video-pool.ts'

export interface ExportDeskOptions {
  readonly store: ProjectStore
  readonly videos: VideoPool
  tools(): Promise<MediaTools>
  inputSizePx(): number
  onProgress(progress: ExportProgress): void
  /** Makes what was written known to the host. @returns its token */
  offerFile(path: string): string
  /** A defect of ours, for the log. */
  onDefect(error: unknown): void
}

export interface ExportOrder extends Omit<ExportRequest, 'destination'> {
  readonly outputFolder: string
}

const tellEveryMilliseconds = 200

/** Exports of one project, one after the other, while the person goes on working. */
export class ExportDesk {
  readonly #options: ExportDeskOptions
  readonly #running = new Map<number, AbortController>()
  #nextId = 1
  #turn: Promise<void> = Promise.resolve()

  constructor(options: ExportDeskOptions) {
    this.#options = options
  }

  /** Puts an export into the queue. What becomes of it is told as progress. @returns its id */
  start(order: ExportOrder): number {
    const exportId = this.#nextId++
    const controller = new AbortController()
    this.#running.set(exportId, controller)
    const teller = new ProgressTeller(exportId, (progress) => {
      this.#options.onProgress(progress)
    })
    teller.tell('waiting')
    this.#turn = this.#turn
      .then(() => this.#run(order, teller, controller.signal))
      .then(() => {
        this.#running.delete(exportId)
      })
    return exportId
  }

  /** Stops an export; what it wrote is removed. Unknown ids have ended. */
  cancel(exportId: number): void {
    this.#running.get(exportId)?.abort()
  }

  /** Stops all and waits until they have cleaned up. */
  async close(): Promise<void> {
    for (const controller of this.#running.values()) controller.abort()
    await this.#turn
  }

  async #run(order: ExportOrder, teller: ProgressTeller, signal: AbortSignal): Promise<void> {
    try {
      signal.throwIfAborted()
      teller.tell('running')
      const outcome = await this.#export(order, teller, signal)
      teller.finished(outcome, this.#options.offerFile(order.outputFolder))
    } catch (error) {
      if (signal.aborted) {
        teller.tell('cancelled')
        return
      }
      if (failureSentence(error) === null) this.#options.onDefect(error)
      teller.failed(toFailure(error).message)
    }
  }

  async #export(order: ExportOrder, teller: ProgressTeller, signal: AbortSignal): Promise<ExportOutcome> {
    const { store, videos } = this.#options
    const { selection, target, outputFolder, overwrite } = order
    return exportProject({
      ...{ store, selection, target, outputFolder, overwrite, signal },
      source: await videos.get(selection.videoId),
      tools: await this.#options.tools(),
      inputSizePx: this.#options.inputSizePx(),
      onProgress: (done, total) => {
        teller.advance(done, total)
      },
      whenStopped: 'discard',
    })
  }
}

/** Tells how one export goes, not more often than one can look. */
class ProgressTeller {
  readonly #exportId: number
  readonly #tell: (progress: ExportProgress) => void
  readonly #startedAt = performance.now()
  #lastTold = -Infinity
  #framesDone = 0
  #framesTotal = 0

  constructor(exportId: number, tell: (progress: ExportProgress) => void) {
    this.#exportId = exportId
    this.#tell = tell
  }

  tell(state: ExportProgress['state'], rest: Partial<ExportProgress> = {}): void {
    this.#lastTold = performance.now()
    this.#tell({
      exportId: this.#exportId,
      state,
      framesDone: this.#framesDone,
      framesTotal: this.#framesTotal,
      ...{ secondsLeft: null, report: null, failure: null, output: null },
      ...rest,
    })
  }

  advance(done: number, total: number): void {
    this.#framesDone = done
    this.#framesTotal = total
    const now = performance.now()
    if (done === total) this.tell('checking')
    else if (now - this.#lastTold >= tellEveryMilliseconds)
      this.tell('running', { secondsLeft: ((now - this.#startedAt) / 1000 / done) * (total - done) })
  }

  finished({ report }: ExportOutcome, output: string): void {
    this.tell('finished', { report: report.sentences.join('\n').slice(0, 4_096), output })
  }

  failed(sentence: string): void {
    this.tell('failed', { failure: sentence.slice(0, 4_096) })
  }
}
