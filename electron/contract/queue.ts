import { z } from 'zod'
import { LIMITS } from './limits.ts'
import { idSchema, instantSchema, textSchema } from './scalars.ts'

/** Names a job by a hash of all that decides its result. */
export const queueJobIdSchema = z.string().regex(/^[0-9a-f]{64}$/)

export const queueJobIdsSchema = z.array(queueJobIdSchema).min(1).max(LIMITS.queueJobs)

/**
 * What became of a job. `gone`: the queue does not know it any more and no result is there. `unknown`: the queue cannot
 * be asked now.
 */
export const queueJobStateSchema = z.enum(['waiting', 'active', 'done', 'failed', 'gone', 'unknown'])
export type QueueJobState = z.infer<typeof queueJobStateSchema>

/** A job that this project sent. */
export const queueJobSchema = z.strictObject({
  jobId: queueJobIdSchema,
  /** The video's file name, and the shot's frames where it is one. */
  title: textSchema,
  videoId: idSchema,
  sentAt: instantSchema,
  state: queueJobStateSchema,
  /** Of a job under way, as its worker told last. */
  progress: z.strictObject({ stepsDone: z.int().min(0), stepCount: z.int().min(0) }).nullable(),
  /** How its model runs, or ran, otherwise than asked: on the processor, say. */
  notice: textSchema.nullable(),
  /** Why it failed, or what it waits for besides a worker, as a sentence. */
  failure: textSchema.nullable(),
  /** Whether its masks were taken into the project. */
  isTaken: z.boolean(),
})
export type QueueJob = z.infer<typeof queueJobSchema>

/** The queue as the person's own machine sees it. Never with credentials. */
export const queueStatusSchema = z.strictObject({
  /** Where queue and store are, to be shown; null until they are named. */
  address: textSchema.nullable(),
  store: textSchema.nullable(),
  /** Jobs of everybody; null where the queue cannot be reached. */
  counts: z
    .strictObject({ waiting: z.int().min(0), active: z.int().min(0), failed: z.int().min(0) })
    .nullable(),
  /** Why the queue cannot be reached, as a sentence. */
  failure: textSchema.nullable(),
  /** Those of this project, newest first. */
  jobs: z.array(queueJobSchema).max(LIMITS.queueJobs),
})
export type QueueStatus = z.infer<typeof queueStatusSchema>
