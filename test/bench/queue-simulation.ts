import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'bullmq'
import { Redis } from 'ioredis'
import type { BatchJob } from '../../electron/engine/batch/jobs/batch-job.ts'
import { JobQueue, QUEUE_NAME } from '../../electron/engine/batch/queue/job-queue.ts'
import { RedisAddress } from '../../electron/engine/batch/queue/redis-address.ts'
import { DEFAULT_TRACKING } from '../../electron/engine/tracking/tracking-options.ts'
import { startRedis } from '../fixtures/batch/redis-server.ts'
import { seededRandom } from '../faults/seeded-random.ts'
import { scriptOptions } from '../script-arguments.ts'

// npm run bench:queue: real Redis, jobs sent as
// `maskwright batch` and the studio send them, workers of this process that do nothing. Each half ends when its time is over, and says how far it came.

const usage =
  'usage: npm run bench:queue -- [--jobs N] [--workers N] [--send-seconds N] [--dispatch-seconds N] [--seed N]'

const values = scriptOptions(usage, {
  jobs: { type: 'string', default: '1000000' },
  workers: { type: 'string', default: '1000' },
  'send-seconds': { type: 'string', default: '900' },
  'dispatch-seconds': { type: 'string', default: '900' },
  seed: { type: 'string', default: '1' },
})
const jobCount = Number(values.jobs)
const workerCount = Number(values.workers)
const endsAt = performance.now() + Number(values['send-seconds']) * 1_000
/** Jobs of one sender's call, to look at the clock and to hold few of them at once. */
const callSize = 20_000
const random = seededRandom(Number(values.seed))

function simulatedJob(n: number): BatchJob {
  const hex = Array.from({ length: 8 }, () =>
    Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0'),
  ).join('')
  const points = [{ x: Math.floor(random() * 1_920), y: Math.floor(random() * 1_080), label: 1 as const }]
  return {
    title: `clip-${n}.mp4`,
    content: {
      video: { sha256: hex, fileName: `clip-${n}.mp4` },
      range: { first: null, last: null },
      objects: [{ name: 'object', frames: [{ kind: 'points-or-box', frameIndex: 0, points, box: null }] }],
      ...{ direction: 'forward', sizePx: 256, mode: 'default', fillOpacity: 0.42, outputs: ['tracks-json'] },
      tracking: DEFAULT_TRACKING,
      model: { name: 'nano', isOwn: false, sha256: 'a'.repeat(64) },
    },
  }
}

const folder = await mkdtemp(join(tmpdir(), 'maskwright-queue-'))
const redis = await startRedis(folder, ['--maxclients', '10000'])
const connection = { host: '127.0.0.1', port: redis.port, maxRetriesPerRequest: null }
const probe = new Redis(connection)
const memoryBytes = async (): Promise<number> =>
  Number(/used_memory:(\d+)/.exec(await probe.info('memory'))?.[1])
const perSecond = (count: number, milliseconds: number): string =>
  Math.round((count * 1_000) / milliseconds).toString()

try {
  const emptyBytes = await memoryBytes()
  const queue = new JobQueue(new RedisAddress(redis.address))
  let sent = 0
  let lastSaid = performance.now()
  const enqueueStart = performance.now()
  while (sent < jobCount && performance.now() < endsAt) {
    const jobs = Array.from({ length: Math.min(callSize, jobCount - sent) }, (_, n) => simulatedJob(sent + n))
    await queue.send(jobs)
    sent += jobs.length
    if (performance.now() - lastSaid > 20_000) {
      lastSaid = performance.now()
      console.log(`${sent} sent, ${perSecond(sent, lastSaid - enqueueStart)} a second so far`)
    }
  }
  const enqueueMs = performance.now() - enqueueStart
  const fullBytes = await memoryBytes()
  console.log(`${sent} jobs sent: ${perSecond(sent, enqueueMs)} a second`)
  console.log(
    `Redis: ${Math.round((fullBytes - emptyBytes) / sent)} bytes a waiting job, ${Math.round(fullBytes / 2 ** 20)} MiB in all`,
  )

  let done = 0
  const doneBy = new Set<number>()
  let finish = (): void => {}
  const finished = new Promise<void>((resolve) => (finish = resolve))
  const workers = Array.from(
    { length: workerCount },
    (_, n) =>
      new Worker(
        QUEUE_NAME,
        () => {
          doneBy.add(n)
          if (++done >= sent) finish()
          return Promise.resolve({ outcome: 'made' })
        },
        { connection, autorun: false, skipStalledCheck: n > 0, lockDuration: 120_000 },
      ),
  )
  for (const worker of workers) worker.on('error', () => {})
  const connectStart = performance.now()
  await Promise.all(workers.map((worker) => worker.waitUntilReady()))
  console.log(
    `${workerCount} workers connected in ${Math.round((performance.now() - connectStart) / 1_000)} s`,
  )
  const dispatchStart = performance.now()
  for (const worker of workers) worker.run().catch(() => {})
  const timer = setTimeout(finish, Number(values['dispatch-seconds']) * 1_000)
  await finished
  clearTimeout(timer)
  const dispatchMs = performance.now() - dispatchStart
  console.log(
    `${done} jobs dispatched to ${doneBy.size} of ${workerCount} workers: ${perSecond(done, dispatchMs)} a second`,
  )
  const clients = /connected_clients:(\d+)/.exec(await probe.info('clients'))?.[1]
  console.log(
    `Redis: ${clients ?? '?'} connections, ${Math.round((await memoryBytes()) / 2 ** 20)} MiB in all`,
  )
} finally {
  probe.disconnect()
  await redis.stop()
  await rm(folder, { recursive: true, force: true })
}
// Workers hold connections to a server that is gone now; there is nothing to wait for.
process.exit()
