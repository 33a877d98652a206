import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Worker } from 'bullmq'
import { plainJob } from '../../../../test/fixtures/batch/plain-job.ts'
import { startRedis, type RedisServer } from '../../../../test/fixtures/batch/redis-server.ts'
import { jobKey, type BatchJob } from '../jobs/batch-job.ts'
import { openFolderStore } from '../store/folder-store.ts'
import type { ResultStore } from '../store/result-store.ts'
import { followJobs } from './follow-jobs.ts'
import { JobQueue, QUEUE_NAME } from './job-queue.ts'
import { RedisAddress } from './redis-address.ts'

vi.setConfig({ testTimeout: 120_000 })

let folder: string
let redis: RedisServer
let queue: JobQueue
let store: ResultStore

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maskwright-follow-'))
  redis = await startRedis(folder)
  queue = new JobQueue(new RedisAddress(redis.address))
  store = await openFolderStore(join(folder, 'store'))
})
afterEach(async () => {
  await queue.close()
  await redis.stop()
  await rm(folder, { recursive: true })
})

/** What a worker leaves in the store. */
async function putResult(job: BatchJob): Promise<void> {
  await store.put(`results/${jobKey(job)}`, Buffer.from('{}'))
}

/** Ends all jobs, with a reason those that fail. */
async function endAll(jobs: readonly BatchJob[], reasonOf: (title: string) => string | null): Promise<void> {
  const connection = { host: '127.0.0.1', port: redis.port, maxRetriesPerRequest: null }
  const worker = new Worker<BatchJob>(
    QUEUE_NAME,
    ({ data }) => {
      const reason = reasonOf(data.title)
      if (reason !== null) throw new Error(reason)
      return Promise.resolve()
    },
    { connection, settings: { backoffStrategy: () => 0 } },
  )
  const { length } = jobs
  await expect
    .poll(() => queue.counts().then(({ done, failed }) => done + failed), { timeout: 60_000 })
    .toBe(length)
  await worker.close()
}

function follow(jobs: readonly BatchJob[], signal = new AbortController().signal) {
  return followJobs(queue, store, jobs.map(jobKey), { signal, onProgress: () => {}, onWaiting: () => {} })
}

it('tells how jobs ended, also those that the queue has forgotten', async () => {
  const [made, bad, lost, forgotten, never] = ['made', 'bad', 'lost', 'forgotten', 'never'].map((name) =>
    plainJob(`${name}.mp4`),
  ) as [BatchJob, BatchJob, BatchJob, BatchJob, BatchJob]
  const sent = [made, bad, lost]
  await queue.send(sent)
  await putResult(made)
  await putResult(forgotten)
  await endAll(sent, (title) => (title === 'bad.mp4' ? 'It is no film.' : null))
  // The same job twice, for two folders.
  const ends = await follow([...sent, forgotten, never, made])
  expect(ends.get(jobKey(made))).toEqual({ kind: 'done' })
  expect(ends.get(jobKey(forgotten))).toEqual({ kind: 'done' })
  expect(ends.get(jobKey(bad))).toEqual({ kind: 'failed', reason: 'It is no film.' })
  expect(ends.get(jobKey(lost))).toMatchObject({ reason: expect.stringContaining('has no result') as string })
  expect(ends.get(jobKey(never))).toMatchObject({ reason: 'The queue does not know the job any more.' })

  // Sent again, those that have ended begin anew.
  await queue.send(sent)
  expect(await queue.counts()).toEqual({ waiting: 3, active: 0, done: 0, failed: 0 })
  await queue.send(sent)
  expect(await queue.standings(sent.map(jobKey))).toEqual(
    sent.map(() => ({ kind: 'under-way', waitsFor: null })),
  )
})

it('asks after all that are pending, also behind thousands that wait', async () => {
  const jobs = Array.from({ length: 5_100 }, (_, n) => plainJob(`${n}.mp4`))
  await queue.send(jobs)
  expect((await queue.counts()).waiting).toBe(jobs.length)
  const late = jobs.at(-1)!
  await putResult(late)
  await queue.remove(jobKey(late))
  const stop = new AbortController()
  const ends = await followJobs(queue, store, jobs.map(jobKey), {
    signal: stop.signal,
    onProgress: (ended, total) => {
      expect(total).toBe(jobs.length)
      if (ended > 0) stop.abort()
    },
    onWaiting: () => {},
  })
  expect([...ends.keys()]).toEqual([jobKey(late)])
})
