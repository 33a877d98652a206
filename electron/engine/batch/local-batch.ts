import { failureSentence } from '../failure-sentence.ts'
import { jobKey } from './jobs/batch-job.ts'
import type { PreparedJob } from './jobs/prepared-job.ts'
import type { JobProcessSettings } from './run/job-messages.ts'
import { JobProcess } from './run/job-process.ts'

/** Tries before a job is given up. */
const TRIES = 3

export interface LocalBatchOptions {
  readonly jobs: readonly PreparedJob[]
  /** One process for each; on a processor they share it. */
  readonly workers: readonly JobProcessSettings[]
  readonly signal: AbortSignal
  onProgress(stepsDone: number, stepCount: number): void
  onEnd(end: JobEnd): void
}

export type JobEnd =
  | { readonly kind: 'made' | 'there'; readonly job: PreparedJob }
  | { readonly kind: 'failed'; readonly job: PreparedJob; readonly reason: string }

/**
 * Does jobs on this machine, each in one of several processes at a time. A job that fails is tried again twice, after
 * the others. When the signal fires, the jobs at hand are given up; what the store has of them stays.
 * @returns how each job ended; less than all when it was stopped
 */
export async function runLocally(options: LocalBatchOptions): Promise<JobEnd[]> {
  const { jobs, workers, signal } = options
  const waiting = jobs.map((job) => ({ job, tries: 0 }))
  const ends: JobEnd[] = []
  const progress = new Map<string, { stepsDone: number; stepCount: number }>()
  const end = (ended: JobEnd): void => {
    ends.push(ended)
    options.onEnd(ended)
  }

  async function serve(settings: JobProcessSettings): Promise<void> {
    const process = new JobProcess(settings)
    try {
      for (let next = waiting.shift(); next !== undefined && !signal.aborted; next = waiting.shift()) {
        const { job, tries } = next
        const key = jobKey(job.job)
        const note = (stepsDone: number, stepCount: number): void => {
          progress.set(key, { stepsDone, stepCount })
          const all = [...progress.values()]
          options.onProgress(
            all.reduce((sum, one) => sum + one.stepsDone, 0),
            all.reduce((sum, one) => sum + one.stepCount, 0),
          )
        }
        try {
          end({ kind: await process.run(job.job, note, { here: job.here, signal }), job })
        } catch (error) {
          if (signal.aborted) return
          const reason = failureSentence(error) ?? String(error)
          if (tries + 1 < TRIES) waiting.push({ job, tries: tries + 1 })
          else end({ kind: 'failed', job, reason })
        }
      }
    } finally {
      process.end()
    }
  }

  await Promise.all(workers.map(serve))
  return ends
}
