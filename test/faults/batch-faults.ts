import { chmod, chown, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { readJobFile } from '../../electron/cli/job-file.ts'
import { jobKey } from '../../electron/engine/batch/jobs/batch-job.ts'
import { prepareJobs, storeInputs, type PreparedJob } from '../../electron/engine/batch/jobs/prepared-job.ts'
import { runLocally } from '../../electron/engine/batch/local-batch.ts'
import { followJobs } from '../../electron/engine/batch/queue/follow-jobs.ts'
import { JobQueue } from '../../electron/engine/batch/queue/job-queue.ts'
import { RedisAddress } from '../../electron/engine/batch/queue/redis-address.ts'
import { readResult } from '../../electron/engine/batch/run/job-result.ts'
import { openFolderStore } from '../../electron/engine/batch/store/folder-store.ts'
import { startRedis } from '../fixtures/batch/redis-server.ts'
import { makeSmallJobs } from '../fixtures/batch/small-jobs.ts'
import { scriptOptions } from '../script-arguments.ts'
import { WorkerCrew } from './batch-workers.ts'
import { seededRandom } from './seeded-random.ts'

// npm run faults:batch: sends jobs to workers that are
// killed at random, restarts Redis once, makes the store read-only for a while, and compares every result with that of
// an undisturbed run.

const usage =
  'usage: npm run faults:batch -- [--jobs N] [--workers N] [--frames N] [--kill-every SECONDS] [--most-kills N] [--seed N]'

/** The user `nobody` of Debian: root itself is not held by permissions. */
const nobody = 65_534

export interface BatchFaultOptions {
  readonly jobs: number
  readonly workers: number
  readonly frames: number
  readonly killEverySeconds: number
  /** Kills after which the others stay alive, so that a slow machine comes to an end. */
  readonly mostKills: number
  readonly seed: number
  say(line: string): void
}

export interface BatchFaultReport {
  readonly results: number
  readonly identical: number
  readonly failed: number
  /** Jobs of which more than one worker says that it made the result. */
  readonly madeTwice: number
  readonly kills: number
  /** While jobs were under way. */
  readonly redisRestarts: number
  /** Times that workers told of a store that refused. */
  readonly storeRefusals: number
}

/** Runs the rounds. @returns what was found at the end */
export async function batchFaults(options: BatchFaultOptions): Promise<BatchFaultReport> {
  const random = seededRandom(options.seed)
  const folder = await mkdtemp(join(tmpdir(), 'maskwright-batch-faults-'))
  await chmod(folder, 0o755)
  const redis = await startRedis(folder)
  try {
    const jobFile = await makeSmallJobs(folder, options.jobs, options.frames)
    const jobs: PreparedJob[] = []
    for (const wish of await readJobFile(jobFile)) jobs.push(...(await prepareJobs(wish)))
    const calm = join(folder, 'calm')
    await runUndisturbed(jobs, calm)
    options.say(`${jobs.length} jobs done once without faults`)

    const place = join(folder, 'store')
    const store = await openFolderStore(place)
    for (const job of jobs) await storeInputs(store, job)
    for (const name of ['results', 'spans', 'unfinished']) await mkdir(join(place, name), { recursive: true })
    const userId = process.getuid?.() === 0 ? nobody : null
    if (userId !== null) await giveTo(place, userId)

    const queue = new JobQueue(new RedisAddress(redis.address))
    await queue.send(jobs.map(({ job }) => job))
    const made = new Map<string, number>()
    let storeRefusals = 0
    const crew = new WorkerCrew({
      ...{ queue: redis.address, store: place, count: options.workers, userId },
      onLine: (line) => {
        if (line.includes('The store ')) storeRefusals++
        const title = /^(.*): done$/.exec(line)?.[1]
        if (title !== undefined) made.set(title, (made.get(title) ?? 0) + 1)
      },
    })
    const killing = setInterval(() => {
      if (crew.kills < options.mostKills) crew.killOne(random)
    }, options.killEverySeconds * 1_000)
    let ended = 0
    const following = followJobs(
      queue,
      store,
      jobs.map(({ job }) => jobKey(job)),
      {
        signal: new AbortController().signal,
        onProgress: (done) => {
          if (done !== ended) options.say(`${done} of ${jobs.length} done, ${crew.kills} workers killed`)
          ended = done
        },
        onWaiting: () => {},
      },
    )
    const underWay = async (least: number): Promise<void> => untilUnderWay(queue, least, jobs.length)
    const disturbing = async (): Promise<number> => {
      await underWay(0)
      while (crew.kills === 0) {
        crew.killOne(random)
        await pause(100)
      }
      await underWay(Math.floor(jobs.length * 0.2))
      await redis.restart()
      options.say('Redis restarted')
      await underWay(Math.floor(jobs.length * 0.4))
      const refusalsBefore = storeRefusals
      await lockStore(place, 0o555)
      options.say('the store is read-only')
      while (storeRefusals === refusalsBefore) await pause(100)
      await lockStore(place, 0o755)
      options.say('the store takes writes again')
      return 1
    }
    const [ends, redisRestarts] = await Promise.all([following, disturbing()])
    clearInterval(killing)
    await crew.end()
    await queue.close()
    const calmStore = await openFolderStore(calm)
    let identical = 0
    for (const { job } of jobs) {
      const [one, other] = [await readResult(calmStore, jobKey(job)), await readResult(store, jobKey(job))]
      if (other !== null && JSON.stringify(one) === JSON.stringify(other)) identical++
    }
    const failures = [...ends.values()].filter((end) => end.kind === 'failed')
    for (const { reason } of failures) options.say(`failed: ${reason}`)
    const failed = failures.length
    const results = (await readdir(join(place, 'results'))).length
    const madeTwice = [...made.values()].filter((count) => count > 1).length
    return { results, identical, failed, madeTwice, kills: crew.kills, redisRestarts, storeRefusals }
  } finally {
    await redis.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

async function runUndisturbed(jobs: readonly PreparedJob[], store: string): Promise<void> {
  const settings = { store, workFolder: `${store}-work`, device: 'cpu', threads: 1, spanSteps: 64 } as const
  const ends = await runLocally({
    ...{ jobs, workers: [settings], signal: new AbortController().signal },
    onProgress: () => {},
    onWaiting: () => {},
    onNotice: () => {},
    onEnd: () => {},
  })
  const failed = ends.find((end) => end.kind === 'failed')
  if (failed?.kind === 'failed') throw new Error(failed.reason)
}

/** Waits until so many jobs have ended and a worker has another. @throws where too few are left to be disturbed */
async function untilUnderWay(queue: JobQueue, least: number, jobCount: number): Promise<void> {
  for (;;) {
    // Away while Redis restarts.
    const counts = await queue.counts().catch(() => null)
    await pause(100)
    if (counts === null) continue
    const { active, done, failed } = counts
    if (done + failed > jobCount - 2) throw new Error('The jobs were done before they could be disturbed.')
    if (active > 0 && done + failed >= least) return
  }
}

async function lockStore(place: string, mode: number): Promise<void> {
  for (const name of ['results', 'spans', 'unfinished']) await chmod(join(place, name), mode)
}

async function giveTo(folder: string, userId: number): Promise<void> {
  await chown(folder, userId, userId)
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
    await chown(join(entry.parentPath, entry.name), userId, userId)
}

if (process.argv[1]?.endsWith('batch-faults.ts')) {
  const values = scriptOptions(usage, {
    jobs: { type: 'string', default: '30' },
    workers: { type: 'string', default: '2' },
    frames: { type: 'string', default: '8' },
    'kill-every': { type: 'string', default: '5' },
    'most-kills': { type: 'string', default: '40' },
    seed: { type: 'string', default: '1' },
  })
  const report = await batchFaults({
    jobs: Number(values.jobs),
    workers: Number(values.workers),
    frames: Number(values.frames),
    killEverySeconds: Number(values['kill-every']),
    mostKills: Number(values['most-kills']),
    seed: Number(values.seed),
    say: (line) => console.log(line),
  })
  console.log(
    `${report.results} results, ${report.identical} identical to the undisturbed run, ${report.failed} failed, ` +
      `${report.madeTwice} made twice; ${report.kills} workers killed, Redis restarted, ${report.storeRefusals} refusals of the store survived (seed ${values.seed})`,
  )
  const count = Number(values.jobs)
  process.exitCode =
    report.identical === count && report.results === count && report.madeTwice === 0 && report.kills > 0
      ? 0
      : 1
}
