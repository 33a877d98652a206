import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readJobFile } from '../../electron/cli/job-file.ts'
import { jobKey } from '../../electron/engine/batch/jobs/batch-job.ts'
import { prepareJobs, type PreparedJob } from '../../electron/engine/batch/jobs/prepared-job.ts'
import { runLocally } from '../../electron/engine/batch/local-batch.ts'
import { JobBench } from '../../electron/engine/batch/run/job-bench.ts'
import type { JobNews } from '../../electron/engine/batch/run/job-messages.ts'
import { readResult } from '../../electron/engine/batch/run/job-result.ts'
import { openFolderStore } from '../../electron/engine/batch/store/folder-store.ts'
import { makeSmallJobs } from '../fixtures/batch/small-jobs.ts'
import { formatTable } from '../../electron/cli/text-table.ts'
import { scriptOptions } from '../script-arguments.ts'

// npm run bench:batch [-- --clips N --frames N]: the same clips in this process one after another, then through 1, 2 and
// 4 worker processes, each run into a store of its own.

const values = scriptOptions('usage: npm run bench:batch -- [--clips N] [--frames N]', {
  clips: { type: 'string', default: '12' },
  frames: { type: 'string', default: '16' },
})
const folder = await mkdtemp(join(tmpdir(), 'maskwright-batch-bench-'))

/** One thread each, so that workers are what differs. */
function settingsFor(name: string) {
  return {
    store: join(folder, name),
    workFolder: join(folder, `${name}-work`),
    device: 'cpu',
    threads: 1,
    spanSteps: 64,
  } as const
}

const silent: JobNews = { onProgress: () => {}, onNotice: () => {} }

async function inProcess(jobs: readonly PreparedJob[]): Promise<number> {
  const bench = new JobBench()
  const settings = settingsFor('single')
  await bench.run(jobs[0]!.job, { ...settings, store: join(folder, 'warm-up') }, jobs[0]!.here, silent)
  const timed = new JobBench()
  const start = performance.now()
  for (const { job, here } of jobs) await timed.run(job, settings, here, silent)
  return (performance.now() - start) / 1_000
}

async function throughWorkers(jobs: readonly PreparedJob[], count: number): Promise<number> {
  const settings = settingsFor(`workers-${count}`)
  const start = performance.now()
  await runLocally({
    jobs,
    workers: Array.from({ length: count }, () => settings),
    signal: new AbortController().signal,
    onProgress: () => {},
    onWaiting: (_, reason) => {
      throw new Error(reason)
    },
    onNotice: () => {},
    onEnd: (end) => {
      if (end.kind === 'failed') throw new Error(end.reason)
    },
  })
  return (performance.now() - start) / 1_000
}

async function identical(jobs: readonly PreparedJob[], name: string): Promise<number> {
  const [single, other] = [
    await openFolderStore(join(folder, 'single')),
    await openFolderStore(join(folder, name)),
  ]
  let same = 0
  for (const { job } of jobs) {
    const [one, two] = [await readResult(single, jobKey(job)), await readResult(other, jobKey(job))]
    if (one !== null && JSON.stringify(one) === JSON.stringify(two)) same++
  }
  return same
}

try {
  const jobs: PreparedJob[] = []
  for (const wish of await readJobFile(
    await makeSmallJobs(folder, Number(values.clips), Number(values.frames)),
  ))
    jobs.push(...(await prepareJobs(wish)))
  const singleSeconds = await inProcess(jobs)
  const rows = [['run', 'seconds', 'seconds a job', 'speed-up', 'overhead a job, s', 'identical results']]
  const row = (run: string, seconds: number, overhead: string, same: string) =>
    rows.push([
      run,
      seconds.toFixed(1),
      (seconds / jobs.length).toFixed(2),
      (singleSeconds / seconds).toFixed(2),
      overhead,
      same,
    ])
  // What the others are compared with; there is nothing to compare it with itself.
  row('in this process', singleSeconds, '', '')
  for (const count of [1, 2, 4]) {
    const seconds = await throughWorkers(jobs, count)
    const overhead = count === 1 ? ((seconds - singleSeconds) / jobs.length).toFixed(2) : ''
    row(
      `${count} worker process${count === 1 ? '' : 'es'}`,
      seconds,
      overhead,
      `${await identical(jobs, `workers-${count}`)} of ${jobs.length}`,
    )
  }
  console.log(`${jobs.length} clips of ${values.frames} frames, nano at 256 px, one thread a process`)
  console.log(formatTable(rows))
} finally {
  await rm(folder, { recursive: true, force: true })
}
