import { chmod, chown, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
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
import { WorkerCrew } from './batch-workers.ts'
import { seededRandom } from './seeded-random.ts'

// npm run faults:batch [-- --jobs N --workers N --frames N --kill-every SECONDS --seed N]: sends jobs to workers that are
// killed at random, restarts Redis once, makes the store read-only for a while, and compares every result with that of
// an undisturbed run.

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
  readonly kills: number
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
    let storeRefusals = 0
    const crew = new WorkerCrew({
      ...{ queue: redis.address, store: place, count: options.workers, userId },
      onLine: (line) => {
        if (line.includes('It waits')) storeRefusals++
      },
    })
    const killing = setInterval(() => {
      if (crew.kills < options.mostKills) crew.killOne(random)
    }, options.killEverySeconds * 1_000)
    let ended = 0
    const disturb = disturbances(jobs.length, { redis, place, say: options.say })
    const ends = await followJobs(
      queue,
      jobs.map(({ job }) => jobKey(job)),
      {
        signal: new AbortController().signal,
        onProgress: (done) => {
          if (done !== ended) options.say(`${done} of ${jobs.length} done, ${crew.kills} workers killed`)
          ended = done
          void disturb(done)
        },
      },
    )
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
    return { results, identical, failed, kills: crew.kills, storeRefusals }
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
    onEnd: () => {},
  })
  const failed = ends.find((end) => end.kind === 'failed')
  if (failed?.kind === 'failed') throw new Error(failed.reason)
}

/** Restarts Redis after a third of the jobs, and makes the store read-only for ten seconds after two thirds. */
function disturbances(
  jobCount: number,
  { redis, place, say }: { redis: { restart(): Promise<void> }; place: string; say(line: string): void },
): (done: number) => Promise<void> {
  let isRestarted = false
  let isLocked = false
  const folders = ['results', 'spans', 'unfinished'].map((name) => join(place, name))
  return async (done) => {
    if (!isRestarted && done >= jobCount / 3) {
      isRestarted = true
      await redis.restart()
      say('Redis restarted')
    }
    if (!isLocked && done >= (jobCount * 2) / 3) {
      isLocked = true
      for (const folder of folders) await chmod(folder, 0o555)
      say('the store is read-only')
      setTimeout(() => {
        void Promise.all(folders.map((folder) => chmod(folder, 0o755).catch(() => {}))).then(() =>
          say('the store takes writes again'),
        )
      }, 10_000)
    }
  }
}

async function giveTo(folder: string, userId: number): Promise<void> {
  await chown(folder, userId, userId)
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
    await chown(join(entry.parentPath, entry.name), userId, userId)
}

if (process.argv[1]?.endsWith('batch-faults.ts')) {
  const { values } = parseArgs({
    options: {
      jobs: { type: 'string', default: '30' },
      workers: { type: 'string', default: '2' },
      frames: { type: 'string', default: '8' },
      'kill-every': { type: 'string', default: '5' },
      'most-kills': { type: 'string', default: '40' },
      seed: { type: 'string', default: '1' },
    },
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
    `${report.results} results, ${report.identical} identical to the undisturbed run, ${report.failed} failed; ` +
      `${report.kills} workers killed, ${report.storeRefusals} refusals of the store survived (seed ${values.seed})`,
  )
  process.exitCode =
    report.identical === Number(values.jobs) && report.results === Number(values.jobs) ? 0 : 1
}
