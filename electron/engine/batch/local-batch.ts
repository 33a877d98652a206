import { failureSentence } from '../failure-sentence.ts'
import type { PreparedJob } from './jobs/prepared-job.ts'
import { pause } from './pause.ts'
import { onProcessorSentence } from './last-try.ts'
import type { JobProcessSettings } from './run/job-messages.ts'
import { JobProcess } from './run/job-process.ts'
import { waitingReason } from './waiting-reason.ts'

/** Tries before a job is given up. */
const TRIES = 3
/** How long a process waits when the store was not to be reached; that is not counted as a try. */
const waitMs = 2_000

export interface LocalBatchOptions {
  readonly jobs: readonly PreparedJob[]
  /** One process for each; on a processor they share it. */
  readonly workers: readonly JobProcessSettings[]
  /** Tests put processes in its place that end by themselves. */
  readonly startProcess?: (settings: JobProcessSettings) => Pick<JobProcess, 'device' | 'run' | 'end'>
  readonly signal: AbortSignal
  /** Jobs done, those under way by the share of them that is done, of all. */
  onProgress(jobsDone: number, jobCount: number): void
  /** What is missing is not the job's fault; it is tried again and again. */
  onWaiting(job: PreparedJob, reason: string): void
  /** A job's model does not run as it was asked to. */
  onNotice(job: PreparedJob, sentence: string): void
  onEnd(end: JobEnd): void
}

export type JobEnd =
  | { readonly kind: 'made' | 'there'; readonly job: PreparedJob }
  | { readonly kind: 'failed'; readonly job: PreparedJob; readonly reason: string }

/**
 * Does jobs on this machine, each in one of several processes at a time. A job that fails is tried again twice, after
 * the others, and for the last time on the processor where a device may have ended its process; one that only waits for the store as often as it takes. When the signal fires, the jobs at hand are given up; what the store has of them stays.
 * @returns how each job ended; less than all when it was stopped
 */
export async function runLocally(options: LocalBatchOptions): Promise<JobEnd[]> {
  const { jobs, workers, signal } = options
  const waiting = jobs.map((job) => ({ job, tries: 0, onProcessor: false }))
  const ends: JobEnd[] = []
  /** The share that is done of each job under way. */
  const shares = new Map<PreparedJob, number>()
  const tell = (): void => {
    const underWay = [...shares.values()].reduce((sum, share) => sum + share, 0)
    options.onProgress(ends.length + underWay, jobs.length)
  }
  const end = (ended: JobEnd): void => {
    ends.push(ended)
    shares.delete(ended.job)
    tell()
    options.onEnd(ended)
  }

  async function serve(settings: JobProcessSettings): Promise<void> {
    const process = options.startProcess?.(settings) ?? new JobProcess(settings)
    try {
      for (let next = waiting.shift(); next !== undefined && !signal.aborted; next = waiting.shift()) {
        const { job, tries, onProcessor } = next
        const news = {
          onProgress: (stepsDone: number, stepCount: number): void => {
            shares.set(job, stepsDone / Math.max(stepCount, 1))
            tell()
          },
          onNotice: (sentence: string): void => options.onNotice(job, sentence),
        }
        try {
          end({ kind: await process.run(job.job, news, { here: job.here, signal, onProcessor }), job })
        } catch (error) {
          if (signal.aborted) return
          shares.delete(job)
          const waitsFor = waitingReason(error)
          const reason = failureSentence(error) ?? String(error)
          if (waitsFor !== null) {
            options.onWaiting(job, waitsFor)
            waiting.push(next)
            await pause(waitMs, signal)
          } else if (tries + 1 < TRIES) {
            const sentence = tries + 2 === TRIES ? onProcessorSentence(error, process.device) : null
            if (sentence !== null) options.onNotice(job, sentence)
            waiting.push({ job, tries: tries + 1, onProcessor: sentence !== null })
          } else end({ kind: 'failed', job, reason })
        }
      }
    } finally {
      process.end()
    }
  }

  await Promise.all(workers.map(serve))
  return ends
}
