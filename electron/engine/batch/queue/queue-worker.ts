import { DelayedError, UnrecoverableError, Worker, type Job } from 'bullmq'
import { failureSentence } from '../../failure-sentence.ts'
import { UserFacingError } from '../../../contract/errors.ts'
import { batchJobSchema } from '../jobs/batch-job.ts'
import type { JobProcess } from '../run/job-process.ts'
import { onProcessorSentence } from '../last-try.ts'
import { pause } from '../pause.ts'
import { waitingReason } from '../waiting-reason.ts'
import { QUEUE_NAME, TRIES, type JobProgress } from './job-queue.ts'
import { QueueUnavailable, type RedisAddress } from './redis-address.ts'

export interface QueueWorkerOptions {
  readonly address: RedisAddress
  readonly jobProcess: Pick<JobProcess, 'device' | 'run' | 'end'>
  /** A worker that was not heard of for so long is taken for dead, and its job goes to another. */
  readonly lostAfterSeconds: number
  say(line: string): void
}

const NOT_A_JOB = 'What the queue holds is not a job of this version.'
/** How long a job waits when this worker lacks something for it; that is not counted as a try. */
const waitMs = 5_000
/** So long this worker takes no other meanwhile, lest it turn over a whole queue again and again. */
const holdMs = 1_000
/** Progress goes to Redis this often at most. */
const progressEveryMs = 1_000
/** What the library says where the queue holds a job for this worker no more. */
const lostPattern =
  /^(Missing lock|Missing key|Lock mismatch|could not renew lock) for job|is not in the active state/
/** Times that a job's worker may die before the job is taken for the cause of it. */
const mostDeaths = 100

/**
 * Takes jobs from the queue, one at a time. The job is done in a process of its own, so that this one, which nothing
 * blocks, renews the job's lock in Redis all the while.
 */
export class QueueWorker {
  readonly #options: QueueWorkerOptions
  readonly #worker: Worker
  readonly #stop = new AbortController()
  /** What is told of jobs, by their id, whose last try is made on the processor, if it is made here. */
  readonly #onProcessor = new Map<string, string>()
  /** Of the job at hand, or the last one. */
  #title = ''

  constructor(options: QueueWorkerOptions) {
    this.#options = options
    const { address, lostAfterSeconds, say } = options
    this.#worker = new Worker(QUEUE_NAME, (job, token) => this.#work(job, token), {
      connection: { ...address.connection(), maxRetriesPerRequest: null },
      concurrency: 1,
      lockDuration: lostAfterSeconds * 1_000,
      stalledInterval: (lostAfterSeconds * 1_000) / 2,
      maxStalledCount: mostDeaths,
      runRetryDelay: 1_000,
    })
    let lastSaid = ''
    this.#worker.on('error', (error) => {
      const sentence = lostPattern.test(error.message)
        ? `${this.#title}: nothing was heard of this worker for ${lostAfterSeconds} s, so the queue has given the job away. ` +
          'Whoever does it again comes to the same result.'
        : new QueueUnavailable(address, error).message
      if (sentence !== lastSaid) say(sentence)
      lastSaid = sentence
    })
    this.#worker.on('completed', () => (lastSaid = ''))
  }

  /** Gives up the job at hand, which goes to another worker, and takes no more. */
  async close(): Promise<void> {
    this.#stop.abort(new UserFacingError('worker-stopped', 'The worker was stopped.'))
    // Without Redis there is nobody to say goodbye to.
    await Promise.race([this.#worker.close(), new Promise((resolve) => setTimeout(resolve, 5_000).unref())])
    this.#options.jobProcess.end()
  }

  async #work(queued: Job, token: string | undefined): Promise<{ outcome: 'made' | 'there' }> {
    const { jobProcess, say } = this.#options
    const job = batchJobSchema.safeParse(queued.data)
    if (!job.success) {
      say(`${NOT_A_JOB} It goes to the failed list.`)
      throw new UnrecoverableError(NOT_A_JOB)
    }
    const { title } = job.data
    this.#title = title
    let toldAt = 0
    let notice: string | undefined
    const isLastTry = queued.attemptsMade + 1 >= TRIES
    const instead = isLastTry ? this.#onProcessor.get(queued.id!) : undefined
    try {
      if (instead !== undefined) {
        say(`${title}: ${instead}`)
        notice = instead
      }
      const outcome = await jobProcess.run(
        job.data,
        {
          onProgress: (stepsDone, stepCount) => {
            if (Date.now() - toldAt < progressEveryMs) return
            toldAt = Date.now()
            const progress: JobProgress = {
              stepsDone,
              stepCount,
              ...(notice === undefined ? {} : { notice }),
            }
            // Redis may be away just now; the next one tells as much.
            queued.updateProgress(progress).catch(() => {})
          },
          onNotice: (sentence) => {
            say(`${title}: ${sentence}`)
            notice = sentence
            // It goes with the next step, however soon that comes.
            toldAt = 0
          },
        },
        { signal: this.#stop.signal, onProcessor: instead !== undefined },
      )
      say(`${title}: ${outcome === 'made' ? 'done' : 'was done already'}`)
      return { outcome }
    } catch (error) {
      const reason = waitingReason(error)
      if (reason !== null || this.#stop.signal.aborted) {
        if (reason !== null) {
          say(`${title}: ${reason} It waits.`)
          // Redis may be away just now; then the job's next worker tells.
          await queued.updateProgress({ waitsFor: reason } satisfies JobProgress).catch(() => {})
          await pause(holdMs, this.#stop.signal)
        }
        await queued.moveToDelayed(Date.now() + (reason === null ? 0 : waitMs), token)
        throw new DelayedError()
      }
      const sentence = failureSentence(error) ?? String(error)
      say(`${title}: ${sentence}`)
      const onProcessor = onProcessorSentence(error, jobProcess.device)
      if (onProcessor === null) this.#onProcessor.delete(queued.id!)
      else this.#onProcessor.set(queued.id!, onProcessor)
      // Ours to count: a job that others put into the queue may ask for any number of tries.
      if (isLastTry) throw new UnrecoverableError(sentence)
      throw new Error(sentence, { cause: error })
    }
  }
}
