import { rmSync } from 'node:fs'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { makeClip } from '../../../test/command-line.ts'
import { plainJob } from '../../../test/fixtures/batch/plain-job.ts'
import { prepareJobs, storeInputs, type PreparedJob } from './jobs/prepared-job.ts'
import { runLocally, type LocalBatchOptions } from './local-batch.ts'
import { JobProcessEnded } from './run/job-process.ts'
import { FileChanged } from './run/local-video.ts'
import { openFolderStore } from './store/folder-store.ts'

// A process starts from source, which takes long where others compute, too.
vi.setConfig({ testTimeout: 600_000 })

let folder: string
let jobs: PreparedJob[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maskwright-local-batch-'))
  jobs = []
  for (const name of ['a', 'b']) {
    const videoPath = join(folder, `${name}.mp4`)
    await makeClip(videoPath, { frames: name === 'a' ? 2 : 4 })
    const { objects, range, direction, sizePx, mode, tracking, fillOpacity, outputs } = plainJob(name).content
    jobs.push(
      ...(await prepareJobs({
        ...{
          videoPath,
          model: 'nano',
          objects,
          range,
          direction,
          sizePx,
          mode,
          tracking,
          fillOpacity,
          outputs,
        },
        ...{ outFolder: null, shotStarts: [] },
      })),
    )
  }
})
afterEach(() => rm(folder, { recursive: true }))

it('waits for a store that is away without counting tries, and tells how much of all jobs is done', async () => {
  const blocker = join(folder, 'away')
  await writeFile(blocker, '')
  const workFolder = join(folder, 'work')
  const store = join(blocker, 'store')
  const waits: string[] = []
  const progress: [number, number][] = []
  const told: number[] = []
  const ends = await runLocally({
    jobs,
    workers: [{ store, workFolder, device: 'cpu', threads: 1, spanSteps: 64 }],
    signal: new AbortController().signal,
    onProgress: (done, total) => progress.push([done, total]),
    onWaiting: ({ job }, reason) => {
      waits.push(`${job.title}: ${reason}`)
      // More often than a job that fails by itself is tried.
      if (waits.length === 7) rmSync(blocker)
    },
    onNotice: () => {},
    onEnd: () => told.push(progress.at(-1)![0]),
  })
  expect(ends.map(({ kind }) => kind)).toEqual(['made', 'made'])
  expect(waits).toHaveLength(7)
  expect(waits[0]).toMatch(/^a\.mp4: The store .* cannot be used at the moment/)
  expect(told).toEqual([1, 2])
  expect(new Set(progress.map(([, total]) => total))).toEqual(new Set([2]))
  expect(progress.some(([done]) => done > 0 && done < 1)).toBe(true)
  await expect.poll(() => readdir(workFolder), { timeout: 30_000 }).toEqual([])
})

it('has the last try of a job on the processor where a driver ended its process', async () => {
  const tried: [string, boolean][] = []
  const notices: string[] = []
  const startProcess: LocalBatchOptions['startProcess'] = ({ device }) => ({
    device,
    end: () => {},
    run: (job, _news, { onProcessor = false } = {}) => {
      tried.push([job.title, onProcessor])
      const isEnded = job.title === 'a.mp4' && !onProcessor
      return isEnded ? Promise.reject(new JobProcessEnded(null, 'SIGSEGV')) : Promise.resolve('made')
    },
  })
  const ends = await runLocally({
    ...{ jobs, startProcess, signal: new AbortController().signal },
    workers: [{ store: '', workFolder: '', device: 'webgpu', threads: 1, spanSteps: 64 }],
    ...{ onProgress: () => {}, onWaiting: () => {}, onEnd: () => {} },
    onNotice: ({ job }, sentence) => notices.push(`${job.title}: ${sentence}`),
  })
  expect(ends.map(({ kind }) => kind)).toEqual(['made', 'made'])
  expect(tried).toEqual([
    ['a.mp4', false],
    ['b.mp4', false],
    ['a.mp4', false],
    ['a.mp4', true],
  ])
  expect(notices).toEqual([
    expect.stringMatching(/^a\.mp4: .*SIGSEGV.*webgpu.*the last try runs on the processor/),
  ])
})

it('sends no file of another content than its job says', async () => {
  const store = await openFolderStore(join(folder, 'store'))
  await writeFile(join(folder, 'a.mp4'), 'another film')
  await expect(storeInputs(store, jobs[0]!)).rejects.toThrow(FileChanged)
  await storeInputs(store, jobs[1]!)
})
