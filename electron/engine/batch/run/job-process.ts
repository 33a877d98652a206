import { fork, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Device } from '../../../../models/runtime/session.ts'
import { UserFacingError } from '../../../contract/errors.ts'
import { receiveError } from '../../tracking/passed-error.ts'
import type { BatchJob } from '../jobs/batch-job.ts'
import { removeDeadFolders } from './process-folder.ts'
import type { FromJobProcess, JobNews, JobProcessSettings, LocalFiles, ToJobProcess } from './job-messages.ts'

/** The process that worked on a job ended by itself: the model or the machine gave out. */
export class JobProcessEnded extends UserFacingError {
  constructor(code: number | null, signal: NodeJS.Signals | null) {
    const end = signal === null ? `exit code ${code}` : signal
    super('job-process-ended', `The process that did the job ended with ${end}.`)
  }
}

const noLocalFiles: LocalFiles = { videoPath: null, checkpointPath: null }

/** One process that does jobs, at most one at a time. It starts with the first and again after it ended. */
export class JobProcess {
  readonly #settings: JobProcessSettings
  #child: ChildProcess | null = null

  constructor(settings: JobProcessSettings) {
    this.#settings = settings
  }

  get device(): Device {
    return this.#settings.device
  }

  /**
   * @param options.onProcessor whatever device the settings name
   * @throws UserFacingError as the process raised it; JobProcessEnded; the signal's reason, and the job is given up
   */
  run(
    job: BatchJob,
    news: JobNews,
    options: {
      readonly here?: LocalFiles
      readonly signal?: AbortSignal
      readonly onProcessor?: boolean
    } = {},
  ): Promise<'made' | 'there'> {
    const { here = noLocalFiles, signal, onProcessor = false } = options
    signal?.throwIfAborted()
    const child = (this.#child ??= this.#start())
    return new Promise((resolve, reject) => {
      const settle = (end: () => void): void => {
        child.off('message', receive).off('exit', ended).off('error', failed)
        signal?.removeEventListener('abort', stop)
        end()
      }
      const receive = (raw: unknown): void => {
        const message = raw as FromJobProcess
        switch (message.kind) {
          case 'progress':
            return news.onProgress(message.stepsDone, message.stepCount)
          case 'notice':
            return news.onNotice(message.sentence)
          case 'done':
            return settle(() => resolve(message.outcome))
          case 'failed':
            return settle(() => reject(receiveError(message.error)))
        }
      }
      const ended = (code: number | null, killer: NodeJS.Signals | null): void =>
        settle(() => reject(new JobProcessEnded(code, killer)))
      const failed = (error: Error): void => settle(() => reject(error))
      const stop = (): void => {
        settle(() => reject(signal?.reason as Error))
        this.end()
      }
      child.on('message', receive).on('exit', ended).on('error', failed)
      signal?.addEventListener('abort', stop, { once: true })
      const settings = onProcessor ? { ...this.#settings, device: 'cpu' as const } : this.#settings
      const message: ToJobProcess = { job, settings, here }
      child.send(message)
    })
  }

  /** Ends the process at once; what is in the store stays. */
  end(): void {
    this.#child?.kill('SIGKILL')
    this.#child = null
  }

  #start(): ChildProcess {
    const script = fileURLToPath(new URL('./job-process-from-source.mjs', import.meta.url))
    const child = fork(script, { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    child.once('exit', () => {
      if (this.#child === child) this.#child = null
      // It was killed, or died, with what it had under way.
      void removeDeadFolders(this.#settings.workFolder)
    })
    return child
  }
}
