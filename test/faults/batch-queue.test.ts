import { mkdtemp, readFile, readdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Queue } from 'bullmq'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { tracksFileSchema } from '../../electron/contract/tracks.ts'
import { JobQueue, QUEUE_NAME } from '../../electron/engine/batch/queue/job-queue.ts'
import { RedisAddress } from '../../electron/engine/batch/queue/redis-address.ts'
import { makeClip, maskwrightWith } from '../command-line.ts'
import { startRedis, type RedisServer } from '../fixtures/batch/redis-server.ts'
import { startS3Server, type S3Server } from '../fixtures/batch/s3-server.ts'
import { WorkerCrew } from './batch-workers.ts'

const frames = 5
const store = 's3://results/monday'

let folder: string
let redis: RedisServer
let s3: S3Server

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maskwright-batch-queue-'))
  redis = await startRedis(folder)
  s3 = await startS3Server(join(folder, 's3'), 'results')
})
afterAll(async () => {
  s3.close()
  await redis.stop()
})

it('tracks through Redis and a bucket, and ends a poison job after three tries with its reason', async () => {
  await makeClip(join(folder, 'clip.mp4'), { frames })
  await writeFile(join(folder, 'poison.mp4'), 'This is no film.')
  const jobs = ['clip.mp4', 'poison.mp4'].map((video) => ({
    ...{ video, out: `out/${video}` },
    objects: { thing: { point: '0:80,60' } },
  }))
  const jobFile = join(folder, 'jobs.yaml')
  const choices = { model: 'nano', size: 256, outputs: ['tracks-json', 'mask-png'] }
  await writeFile(jobFile, JSON.stringify({ ...choices, jobs }))
  const lines: string[] = []
  const crew = new WorkerCrew({
    ...{ queue: redis.address, store, count: 1, userId: null, environment: s3.environment },
    onLine: (line) => lines.push(line),
  })
  const queue = new JobQueue(new RedisAddress(redis.address))
  // What others put there asks for a billion tries and speaks to the terminal.
  const foreign = new Queue(QUEUE_NAME, { connection: new RedisAddress(redis.address).connection() })
  await foreign.add('track', { title: '\u001b[2J', content: null }, { attempts: 1e9 })
  await foreign.close()
  try {
    const batch = await maskwrightWith(
      s3.environment,
      ...['batch', jobFile, '--queue', redis.address, '--store', store],
    )
    expect(batch.output).toContain('Of 2 jobs 1 are done (1 now), 1 failed.')
    expect(batch.code).toBe(1)

    const tries = lines.filter((line) => line.startsWith('poison.mp4: '))
    expect(tries).toHaveLength(3)
    const reason = tries[0]!.slice('poison.mp4: '.length)
    expect(reason).toMatch(/\w+ .*\.$/)
    expect(new Set(tries).size).toBe(1)
    expect(batch.output).toContain(`  poison.mp4: ${reason}`)
    expect(await queue.counts()).toEqual({ waiting: 0, active: 0, done: 1, failed: 2 })
    expect(lines.filter((line) => line.includes('not a job'))).toHaveLength(1)
    const failed = (await queue.newest(10)).filter(({ state }) => state === 'failed')
    expect(failed).toContainEqual(expect.objectContaining({ title: 'poison.mp4', reason }))
  } finally {
    await queue.close()
    await crew.end()
  }

  const tracks = await readFile(join(folder, 'out/clip.mp4/tracks.json'), 'utf8')
  expect(tracksFileSchema.parse(JSON.parse(tracks)).framesWritten).toBe(frames)
  expect(await readdir(join(folder, 'out/clip.mp4/masks/thing'))).toHaveLength(frames)
}, 600_000)
