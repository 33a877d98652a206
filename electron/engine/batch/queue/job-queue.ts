import { Queue, type Job } from 'bullmq'
import { Redis } from 'ioredis'
import { z } from 'zod'
import { batchJobSchema, jobKey, type BatchJob } from '../jobs/batch-job.ts'
import { QueueUnavailable, type RedisAddress } from './redis-address.ts'

/** The name under which all of Maskwright's jobs stand in Redis. */
export const QUEUE_NAME = 'maskwright'

/** Tries before a job goes to the failed list. */
export const TRIES = 3

/** What workers tell of a job: how far it is and how its model runs otherwise than asked, or what it waits for. */
const jobProgressSchema = z.union([
  z.object({
    stepsDone: z.int().min(0),
    stepCount: z.int().min(0),
    notice: z.string().min(1).optional(),
  }),
  z.object({ waitsFor: z.string().min(1) }),
])
export type JobProgress = z.infer<typeof jobProgressSchema>

/** Jobs that one round trip adds or asks after. */
const bulkSize = 2_000
/** Finished jobs that stay to be looked at. Results are in the store; the queue forgets the oldest. */
const keptFinished = { count: 10_000, age: 7 * 24 * 3_600 }

const QUEUE_JOB_OPTIONS = {
  attempts: TRIES,
  backoff: { type: 'fixed', delay: 1_000 },
  removeOnComplete: keptFinished,
} as const

export type QueuedState = 'waiting' | 'active' | 'done' | 'failed'

/** A job as the queue knows it. */
export interface QueuedJob {
  readonly key: string
  readonly title: string
  readonly state: QueuedState
  readonly progress: { readonly stepsDone: number; readonly stepCount: number } | null
  /** How its model runs otherwise than asked, as its worker said last. */
  readonly notice: string | null
  /** What it waits for besides a worker, as the last worker that had it said. */
  readonly waitsFor: string | null
  /** Why it failed, the last time. */
  readonly reason: string | null
}

/** How it stands with a job's end. */
export type JobStanding =
  | { readonly kind: 'under-way'; readonly waitsFor: string | null }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly reason: string }
  /** The queue does not have it (any more). */
  | { readonly kind: 'unknown' }

export interface QueueCounts {
  readonly waiting: number
  readonly active: number
  readonly done: number
  readonly failed: number
}

/** The senders' end of the queue. Every call throws QueueUnavailable when Redis cannot be reached. */
export class JobQueue {
  readonly #address: RedisAddress
  /** Our own: the queue's would go on trying to reach a server that is away after it was closed. */
  readonly #client: Redis
  readonly #queue: Queue
  /** What the connection said last, while it is not there: the calls only say that they waited for it. */
  #lastFault: Error | null = null

  constructor(address: RedisAddress) {
    this.#address = address
    // A person waits for the answer: better an error than a call that hangs until Redis comes.
    const impatient = { maxRetriesPerRequest: 3, connectTimeout: 5_000, commandTimeout: 30_000 }
    this.#client = new Redis({ ...address.connection(), ...impatient, enableOfflineQueue: false })
    this.#queue = new Queue(QUEUE_NAME, { connection: this.#client })
    // Each call says what was wrong with it; this only keeps the events from ending the process.
    this.#client.on('error', (error) => (this.#lastFault = error))
    this.#client.on('ready', () => (this.#lastFault = null))
    this.#queue.on('error', () => {})
  }

  /**
   * Puts jobs into the queue. One that waits or is worked on stays as it is; one that failed, or is done without a
   * result in the store any more, begins anew.
   */
  async send(jobs: readonly BatchJob[]): Promise<void> {
    await this.#reach(async () => {
      for (let at = 0; at < jobs.length; at += bulkSize) {
        const bulk = jobs.slice(at, at + bulkSize).map((job) => ({ job, key: jobKey(job) }))
        const standings = await this.#standings(bulk.map(({ key }) => key))
        const over = bulk.filter((_, n) => ['done', 'failed'].includes(standings[n]!.kind))
        await Promise.all(over.map(({ key }) => this.#queue.remove(key)))
        await this.#queue.addBulk(
          bulk.map(({ job, key }) => ({
            name: 'track',
            data: job,
            opts: { ...QUEUE_JOB_OPTIONS, jobId: key },
          })),
        )
      }
    })
  }

  /** How it stands with jobs, in their order. */
  standings(keys: readonly string[]): Promise<JobStanding[]> {
    return this.#reach(async () => {
      const found: JobStanding[] = []
      for (let at = 0; at < keys.length; at += bulkSize)
        found.push(...(await this.#standings(keys.slice(at, at + bulkSize))))
      return found
    })
  }

  /** What became of a job; null where the queue does not know it (any more). */
  job(key: string): Promise<QueuedJob | null> {
    return this.#reach(async () => {
      const job = (await this.#queue.getJob(key).catch(nullWhereUnreadable)) as Job | null | undefined
      if (job === undefined) return null
      const state = stateOf(await this.#queue.getJobState(key))
      return job === null ? { ...UNREADABLE, key, state } : describe(job, state)
    })
  }

  /** What became of jobs, in their order. */
  jobs(keys: readonly string[]): Promise<(QueuedJob | null)[]> {
    return Promise.all(keys.map((key) => this.job(key)))
  }

  /**
   * Takes a job out of the queue, unless a worker has it.
   * @returns whether the queue does not have it any more
   */
  remove(key: string): Promise<boolean> {
    return this.#reach(async () => {
      if ((await this.#queue.getJobState(key)) === 'active') return false
      return (await this.#queue.remove(key)) === 1 || (await this.#queue.getJobState(key)) === 'unknown'
    })
  }

  counts(): Promise<QueueCounts> {
    return this.#reach(async () => {
      const counts = await this.#queue.getJobCounts('waiting', 'delayed', 'active', 'completed', 'failed')
      const { waiting = 0, delayed = 0, active = 0, completed = 0, failed = 0 } = counts
      return { waiting: waiting + delayed, active, done: completed, failed }
    })
  }

  /** The newest of each state, those at work first. */
  newest(limit: number): Promise<QueuedJob[]> {
    return this.#reach(async () => {
      const lists = [
        ['active', 'active'],
        ['failed', 'failed'],
        ['waiting', 'waiting'],
        ['delayed', 'waiting'],
        ['completed', 'done'],
      ] as const
      const found: QueuedJob[] = []
      for (const [list, state] of lists) {
        const left = limit - found.length
        if (left <= 0) break
        const jobs = (await this.#queue.getJobs([list], 0, left - 1)) as (Job | undefined)[]
        // One that was removed while the list was read is not there any more.
        for (const job of jobs) if (job !== undefined) found.push(describe(job, state))
      }
      return found
    })
  }

  async close(): Promise<void> {
    await this.#queue.close().catch(() => {})
    this.#client.disconnect()
  }

  /**
   * In one round trip. The library's own question for a job's state looks through all that wait, job by job; whether a
   * job has ended is told by the two sorted sets of those that have.
   */
  async #standings(keys: readonly string[]): Promise<JobStanding[]> {
    const [done, failed] = [this.#queue.toKey('completed'), this.#queue.toKey('failed')]
    const pipeline = this.#client.pipeline()
    for (const key of keys)
      pipeline
        .zscore(done, key)
        .zscore(failed, key)
        .hmget(this.#queue.toKey(key), 'timestamp', 'failedReason', 'progress')
    const answers = ((await pipeline.exec()) ?? []).map(([error, answer]) => {
      if (error !== null) throw error
      return answer
    })
    return keys.map((_, n): JobStanding => {
      const [isDone, isFailed, fields] = answers.slice(n * 3, n * 3 + 3)
      const [timestamp, reason, progress] = fields as (string | null)[]
      if (isDone !== null) return { kind: 'done' }
      if (isFailed !== null) return { kind: 'failed', reason: reason ?? 'unknown' }
      if (timestamp === null) return { kind: 'unknown' }
      return { kind: 'under-way', waitsFor: waitsFor(parsed(progress ?? 'null')) }
    })
  }

  async #reach<Value>(action: () => Promise<Value>): Promise<Value> {
    try {
      await withinSeconds(this.#queue.waitUntilReady(), 10)
      return await action()
    } catch (cause) {
      throw new QueueUnavailable(this.#address, this.#lastFault ?? cause)
    }
  }
}

const UNREADABLE = { title: 'A job that is none', progress: null, notice: null, waitsFor: null, reason: null }

/** A record that is not JSON is none of ours; the others are. */
function nullWhereUnreadable(error: unknown): null {
  if (error instanceof SyntaxError) return null
  throw error
}

async function withinSeconds<Value>(promise: Promise<Value>, seconds: number): Promise<Value> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${seconds} seconds`)), seconds * 1_000)
  })
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}

function stateOf(state: string): QueuedState {
  switch (state) {
    case 'completed':
      return 'done'
    case 'failed':
      return 'failed'
    case 'active':
      return 'active'
    default:
      return 'waiting'
  }
}

function describe(job: Job, state: QueuedState): QueuedJob {
  const data = batchJobSchema.safeParse(job.data)
  const { data: told } = jobProgressSchema.safeParse(job.progress)
  const steps = told !== undefined && 'stepsDone' in told ? told : null
  const reason: unknown = job.failedReason
  return {
    key: job.id ?? '',
    title: data.success ? data.data.title : UNREADABLE.title,
    state,
    progress: steps && { stepsDone: steps.stepsDone, stepCount: steps.stepCount },
    notice: steps?.notice ?? null,
    waitsFor: state === 'waiting' ? waitsFor(job.progress) : null,
    reason: typeof reason === 'string' && reason !== '' ? reason : null,
  }
}

function waitsFor(told: unknown): string | null {
  const progress = jobProgressSchema.safeParse(told)
  return progress.success && 'waitsFor' in progress.data ? progress.data.waitsFor : null
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return null
  }
}
