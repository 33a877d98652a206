import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { makeClip } from '../../../../test/command-line.ts'
import { plainJob } from '../../../../test/fixtures/batch/plain-job.ts'
import { startRedis, type RedisServer } from '../../../../test/fixtures/batch/redis-server.ts'
import { jobKey, type BatchJob } from '../jobs/batch-job.ts'
import { jobModel } from '../jobs/job-model.ts'
import type { JobNews } from '../run/job-messages.ts'
import { JobProcess, JobProcessEnded } from '../run/job-process.ts'
import { openFolderStore } from '../store/folder-store.ts'
import { storeFile } from '../store/stored-files.ts'
import { JobQueue, QUEUE_NAME } from './job-queue.ts'
import { QueueWorker } from './queue-worker.ts'
import { RedisAddress } from './redis-address.ts'

// A worker starts from source, which takes long where others compute, too.
vi.setConfig({ testTimeout: 600_000 })

let folder: string
let redis: RedisServer
let queue: JobQueue
let worker: QueueWorker
let lines: string[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maskwright-queue-worker-'))
  vi.stubEnv('MASKWRIGHT_DATA', join(folder, 'data'))
  redis = await startRedis(folder)
  const address = new RedisAddress(redis.address)
  queue = new JobQueue(address)
  lines = []
  const places = { store: join(folder, 'store'), workFolder: join(folder, 'work') }
  const jobProcess = new JobProcess({ ...places, device: 'cpu', threads: 1, spanSteps: 64 })
  worker = new QueueWorker({ address, jobProcess, lostAfterSeconds: 30, say: (line) => lines.push(line) })
})
afterEach(async () => {
  await worker.close()
  await queue.close()
  await redis.stop()
  vi.unstubAllEnvs()
  await rm(folder, { recursive: true })
})

it('leaves a job whose model it lacks to others, without a try, and tells the sender why', async () => {
  const job = plainJob('clip.mp4', { name: 'tiny' })
  await queue.send([job])
  const sentence = 'The model sam2.1-tiny (156 MB) is not on this machine yet; download it first.'
  await expect
    .poll(() => lines, { timeout: 300_000 })
    .toEqual(Array.from({ length: 4 }, () => `clip.mp4: ${sentence} It waits.`))
  expect(await queue.standings([jobKey(job)])).toEqual([{ kind: 'under-way', waitsFor: sentence }])
  await expect.poll(() => queue.job(jobKey(job))).toMatchObject({ state: 'waiting', waitsFor: sentence })
})

it('says what is true when the queue has given its job away', async () => {
  const store = await openFolderStore(join(folder, 'store'))
  const clip = join(folder, 'clip.mp4')
  await makeClip(clip, { frames: 4 })
  const { sha256 } = await storeFile(store, clip)
  const plain = plainJob('clip.mp4', (await jobModel('nano')).model)
  const job: BatchJob = {
    ...plain,
    content: { ...plain.content, video: { sha256, fileName: 'clip.mp4' } },
  }
  await queue.send([job])
  await expect
    .poll(() => queue.job(jobKey(job)).then((found) => found?.state), { timeout: 60_000 })
    .toBe('active')
  const client = new Redis(redis.port)
  expect(await client.del(`bull:${QUEUE_NAME}:${jobKey(job)}:lock`)).toBe(1)
  client.disconnect()
  await expect.poll(() => lines.length, { timeout: 300_000 }).toBeGreaterThan(1)
  expect(lines[0]).toBe('clip.mp4: done')
  expect(lines[1]).toMatch(/^clip\.mp4: nothing was heard of this worker for 30 s, so the queue has given/)
  expect(lines.join()).not.toContain('cannot be used')
})

it('makes the last try on the processor where a driver may have ended the process', async () => {
  await worker.close()
  const tried: boolean[] = []
  const jobProcess = {
    ...{ device: 'webgpu' as const, end: () => {} },
    run: (_job: BatchJob, _news: JobNews, { onProcessor = false } = {}): Promise<'made'> => {
      tried.push(onProcessor)
      return onProcessor ? Promise.resolve('made') : Promise.reject(new JobProcessEnded(null, 'SIGSEGV'))
    },
  }
  const address = new RedisAddress(redis.address)
  worker = new QueueWorker({ address, jobProcess, lostAfterSeconds: 30, say: (line) => lines.push(line) })
  await queue.send([plainJob('clip.mp4', { name: 'nano' })])
  await expect.poll(() => lines.at(-1), { timeout: 60_000 }).toBe('clip.mp4: done')
  expect(tried).toEqual([false, false, true])
  expect(lines.at(-2)).toMatch(/SIGSEGV.*webgpu.*the last try runs on the processor/)
})
