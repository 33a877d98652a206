import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { failureSentence } from '../engine/failure-sentence.ts'
import { jobKey } from '../engine/batch/jobs/batch-job.ts'
import { requireOwnFolders } from '../engine/batch/jobs/out-folders.ts'
import { prepareJobs, storeInputs, type PreparedJob } from '../engine/batch/jobs/prepared-job.ts'
import { runLocally, type JobEnd } from '../engine/batch/local-batch.ts'
import { followJobs } from '../engine/batch/queue/follow-jobs.ts'
import { JobQueue } from '../engine/batch/queue/job-queue.ts'
import { RedisAddress } from '../engine/batch/queue/redis-address.ts'
import { findDevice } from '../engine/models/find-device.ts'
import { collectResult, prepareFolder } from '../engine/batch/run/collect-result.ts'
import {
  forgetResult,
  hasReadableResult,
  readResult,
  type JobResult,
} from '../engine/batch/run/job-result.ts'
import type { JobProcessSettings } from '../engine/batch/run/job-messages.ts'
import { StoredSpans } from '../engine/batch/run/stored-spans.ts'
import { StoredFileMissing } from '../engine/batch/store/stored-files.ts'
import { openStore, probeStore } from '../engine/batch/store/open-store.ts'
import type { ResultStore } from '../engine/batch/store/result-store.ts'
import type { BatchArguments, DeviceArguments } from './batch-arguments.ts'
import { readJobFile } from './job-file.ts'
import { ProgressLine, type ProgressUnit } from './progress-line.ts'
import type { CommandOutput } from './track-command.ts'

/** How many frames a job has is not known before it is begun. */
const wholeJobs: ProgressUnit = {
  amount: (done, total) => `${Math.floor(done)}/${total} jobs`,
  rate: (perSecond) => `${(perSecond * 60).toFixed(1)} a minute`,
}

/**
 * Does the jobs of a file, here or through a queue, and brings their results to their folders.
 * @returns the exit code: 0, 1 where a job failed, 130 when it was stopped
 */
export async function batch(args: BatchArguments, output: CommandOutput): Promise<number> {
  const wishes = await readJobFile(args.jobFile)
  const byKey = new Map<string, PreparedJob>()
  for (const wish of wishes)
    for (const prepared of await prepareJobs(wish))
      byKey.set(`${jobKey(prepared.job)} ${prepared.outFolder}`, prepared)
  const jobs = [...byKey.values()]
  requireOwnFolders(jobs)
  const store = await openStore(args.store)
  await probeStore(store)
  const todo: PreparedJob[] = []
  for (const prepared of jobs) {
    if (prepared.outFolder !== null && !args.detach) await prepareFolder(prepared.outFolder)
    if (!(await hasReadableResult(store, jobKey(prepared.job)))) todo.push(prepared)
  }
  output.say(
    `${jobs.length} jobs, ${jobs.length - todo.length} of them done before; results are kept in ${store.address}`,
  )

  if (args.queue !== null && args.detach) {
    await sendJobs(args.queue, store, todo, output)
    return 0
  }
  const outcomes =
    args.queue === null
      ? await doHere(args, todo, output)
      : await sendAndFollow(args.queue, store, todo, output)
  const failed = outcomes
    .filter((end) => end.kind === 'failed')
    .map(({ job, reason }) => ({ title: job.job.title, reason }))
  const made = outcomes.filter(({ kind }) => kind === 'made').length
  let collected = 0
  /** Titles of jobs by how their model ran otherwise than asked. */
  const noted = new Map<string, string[]>()
  for (const prepared of jobs) {
    try {
      const result = await collect(store, prepared)
      if (result === null) continue
      collected++
      for (const sentence of result.notices ?? [])
        noted.set(sentence, [...(noted.get(sentence) ?? []), prepared.job.title])
    } catch (error) {
      const reason = failureSentence(error)
      if (reason === null) throw error
      failed.push({ title: prepared.job.title, reason })
    }
  }
  output.say(`Of ${jobs.length} jobs ${collected} are done (${made} now), ${failed.length} failed.`)
  for (const { title, reason } of failed) output.say(`  ${title}: ${reason}`)
  for (const [sentence, [first, ...others]] of noted)
    output.say(`  Note on ${first}${others.length > 0 ? ` and ${others.length} more` : ''}: ${sentence}`)
  if (output.stop.aborted) {
    output.say('Stopped; the same command goes on from here.')
    return 130
  }
  return failed.length > 0 ? 1 : 0
}

/**
 * Brings a job's result to its folder. One whose files are lost or damaged is forgotten, so that the next run makes it
 * anew. @returns null where there is none
 */
async function collect(store: ResultStore, { job, outFolder }: PreparedJob): Promise<JobResult | null> {
  const key = jobKey(job)
  const result = await readResult(store, key)
  if (result === null || outFolder === null) return null
  try {
    await collectResult(store, result, outFolder)
    // A worker that was slower than another may have left some.
    await new StoredSpans(store, key).clear()
    return result
  } catch (error) {
    if (error instanceof StoredFileMissing) await forgetResult(store, key)
    throw error
  }
}

/** The settings of job processes on this machine. */
export async function processSettings(
  store: string,
  args: DeviceArguments,
  stop: AbortSignal,
): Promise<JobProcessSettings> {
  const { threads, spanSteps } = args
  const device = await findDevice(args.device, stop)
  // Each user's own: another's could not be written to.
  const workFolder = join(tmpdir(), `maskwright-batch-${userInfo().uid}`)
  return { store, device, threads, spanSteps, workFolder }
}

async function doHere(
  args: BatchArguments,
  todo: readonly PreparedJob[],
  output: CommandOutput,
): Promise<readonly JobEnd[]> {
  const progress = new ProgressLine(process.stderr, undefined, wholeJobs)
  const settings = await processSettings(args.store, args, output.stop)
  const said = new Set<string>()
  const ends = await runLocally({
    jobs: todo,
    workers: Array.from({ length: Math.min(args.workers, Math.max(todo.length, 1)) }, () => settings),
    signal: output.stop,
    onProgress: (done, total) => progress.update(done, total),
    onWaiting: ({ job }, reason) => {
      progress.end()
      output.say(`${job.title}: ${reason} It waits.`)
    },
    onNotice: ({ job }, sentence) => {
      // What holds for one job may hold for thousands; the end says for how many.
      if (said.has(sentence)) return
      said.add(sentence)
      progress.end()
      output.say(`${job.title}: ${sentence}`)
    },
    onEnd: (end) => {
      progress.end()
      output.say(`${end.job.job.title}: ${end.kind === 'failed' ? end.reason : 'done'}`)
    },
  })
  progress.end()
  return ends
}

async function sendJobs(
  queueAddress: string,
  store: ResultStore,
  todo: readonly PreparedJob[],
  output: CommandOutput,
): Promise<void> {
  const address = new RedisAddress(queueAddress)
  const queue = new JobQueue(address)
  try {
    for (const prepared of todo) await storeInputs(store, prepared)
    await queue.send(todo.map(({ job }) => job))
    output.say(`${todo.length} jobs sent to ${address.shown}`)
  } finally {
    await queue.close()
  }
}

async function sendAndFollow(
  queueAddress: string,
  store: ResultStore,
  todo: readonly PreparedJob[],
  output: CommandOutput,
): Promise<readonly JobEnd[]> {
  await sendJobs(queueAddress, store, todo, output)
  const queue = new JobQueue(new RedisAddress(queueAddress))
  const titles = new Map(todo.map(({ job }) => [jobKey(job), job.title]))
  const said = new Set<string>()
  const progress = new ProgressLine(process.stderr, undefined, wholeJobs)
  try {
    const ends = await followJobs(queue, store, [...titles.keys()], {
      signal: output.stop,
      onProgress: (done, total) => progress.update(done, total),
      onWaiting: (key, reason) => {
        // What one job waits for, thousands may.
        if (said.has(reason)) return
        said.add(reason)
        progress.end()
        output.say(`${titles.get(key) ?? 'A job'} waits: ${reason}`)
      },
    })
    return todo.flatMap((job): JobEnd[] => {
      const end = ends.get(jobKey(job.job))
      if (end === undefined) return []
      return [end.kind === 'done' ? { job, kind: 'made' } : { job, kind: 'failed', reason: end.reason }]
    })
  } finally {
    progress.end()
    await queue.close()
  }
}
