import { appendFileSync, copyFileSync, mkdirSync, readFileSync } from 'node:fs'
import { copyFile, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import type { Sam2Model } from '../../../../models/sam2/sam2-model.ts'
import { runChild } from '../../processes/child-processes.ts'
import { tracksFileSchema } from '../../../contract/tracks.ts'
import { loadModel } from '../../tracking/load-model.ts'
import { DEFAULT_TRACKING } from '../../tracking/tracking-options.ts'
import { findMediaTools } from '../../video/media-tools.ts'
import { jobKey, type BatchJob } from '../jobs/batch-job.ts'
import { prepareJobs, type PreparedJob } from '../jobs/prepared-job.ts'
import { openFolderStore } from '../store/folder-store.ts'
import type { ResultStore } from '../store/result-store.ts'
import { collectResult } from './collect-result.ts'
import { readResult } from './job-result.ts'
import { FileChanged, LocalVideo } from './local-video.ts'
import { runJob } from './run-job.ts'

// Each death is a model's work done again, which takes long where others compute, too.
vi.setConfig({ testTimeout: 600_000 })

const sample = fileURLToPath(new URL('../../../../test/fixtures/sample/bottles.mp4', import.meta.url))

class Killed extends Error {}

let model: Sam2Model
let folder: string
let clip: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maskwright-run-job-'))
  clip = join(folder, 'clip.mp4')
  const { ffmpeg } = await findMediaTools()
  const cut = ['-frames:v', '8', '-an', '-vf', 'scale=320:-2', clip]
  await runChild(ffmpeg, ['-v', 'error', '-i', sample, ...cut])
  model = (await loadModel({ model: 'nano', imageSize: 256, threads: 1 })).model
})
afterAll(() => model.dispose())

async function jobOf(direction: 'forward' | 'both', mode: 'default' | 'reference'): Promise<PreparedJob> {
  const [job] = await prepareJobs({
    ...{ videoPath: clip, model: 'nano', sizePx: 256, direction, mode, fillOpacity: 0.42, outFolder: null },
    tracking: { ...DEFAULT_TRACKING, exclusiveObjects: true },
    range: { first: null, last: null },
    shotStarts: [],
    outputs: ['tracks-json', 'mask-png'],
    objects: [
      {
        name: 'bottle',
        frames: [{ kind: 'points-or-box', frameIndex: 3, points: [{ x: 150, y: 100, label: 1 }], box: null }],
      },
      {
        name: 'other',
        frames: [{ kind: 'points-or-box', frameIndex: 4, points: [], box: [50, 50, 110, 130] }],
      },
    ],
  })
  return job!
}

function videoOf({ content }: BatchJob): LocalVideo {
  return new LocalVideo(clip, content.video.sha256)
}

/** Runs a job and gives up, as a worker that dies, each time so many steps were made. */
async function runWithDeaths(
  { job }: PreparedJob,
  store: ResultStore,
  stepsPerLife: number,
): Promise<number> {
  for (let deaths = 0; ; deaths++) {
    let begun: number | null = null
    const onProgress = (stepsDone: number): void => {
      begun ??= stepsDone
      if (stepsDone - begun >= stepsPerLife) throw new Killed()
    }
    try {
      await runJob({
        ...{ store, job, model, video: videoOf(job), workFolder: folder, notices: [] },
        spanSteps: 2,
        onProgress,
      })
      return deaths
    } catch (error) {
      if (!(error instanceof Killed)) throw error
    }
  }
}

it.each([
  ['forward', 'default'],
  ['both', 'reference'],
] as const)('goes on where a worker died, to the same bytes (%s, %s)', async (direction, mode) => {
  const prepared = await jobOf(direction, mode)
  const { job } = prepared
  const whole = await openFolderStore(join(folder, `whole-${direction}-${mode}`))
  const broken = await openFolderStore(join(folder, `broken-${direction}-${mode}`))
  const options = {
    job,
    model,
    video: videoOf(job),
    workFolder: folder,
    notices: [],
    spanSteps: 64,
    onProgress: () => {},
  }
  expect(await runJob({ ...options, store: whole })).toBe('made')
  expect(await runWithDeaths(prepared, broken, 3)).toBeGreaterThan(1)
  const key = jobKey(job)
  const [undisturbed, disturbed] = [await readResult(whole, key), await readResult(broken, key)]
  expect(undisturbed!.files).toHaveLength(17)
  const out = join(folder, `out-${direction}-${mode}`)
  await collectResult(whole, undisturbed!, out)
  const tracks = tracksFileSchema.parse(JSON.parse(readFileSync(join(out, 'tracks.json'), 'utf8')))
  // The reference does not look for shots.
  expect(tracks.shots).toEqual(mode === 'reference' ? null : [])
  expect(disturbed).toEqual(undisturbed)
  expect(await broken.list(`spans/${key}`)).toEqual([])
  expect(await runJob({ ...options, store: broken })).toBe('there')
})

it('does the work again that a damaged span stands for', async () => {
  const prepared = await jobOf('forward', 'default')
  const place = join(folder, 'damaged')
  const store = await openFolderStore(place)
  const key = jobKey(prepared.job)
  const dying = {
    ...{ store, job: prepared.job, model, video: videoOf(prepared.job), workFolder: folder, notices: [] },
    spanSteps: 2,
  }
  const stop = (stepsDone: number): void => {
    if (stepsDone === 3) throw new Killed()
  }
  await expect(runJob({ ...dying, onProgress: stop })).rejects.toThrow(Killed)
  const [span] = await store.list(`spans/${key}`)
  await writeFile(join(place, span!), 'not a span')
  await runJob({ ...dying, onProgress: () => {} })
  const whole = await openFolderStore(join(folder, 'whole-forward-default'))
  expect(await readResult(store, key)).toEqual(await readResult(whole, key))
})

it('stores nothing under the name of a video that is replaced before or while it is tracked', async () => {
  const { job } = await jobOf('forward', 'default')
  const place = join(folder, 'replaced')
  const store = await openFolderStore(place)
  const path = join(folder, 'replaced.mp4')
  await copyFile(clip, path)
  const video = new LocalVideo(path, job.content.video.sha256)
  const options = { store, job, model, video, workFolder: folder, notices: [], spanSteps: 2 }
  const replace = (stepsDone: number): void => {
    if (stepsDone === 3) appendFileSync(path, 'more')
  }
  await expect(runJob({ ...options, onProgress: replace })).rejects.toThrow(FileChanged)
  expect(await store.list('spans')).toHaveLength(1)
  await expect(runJob({ ...options, onProgress: () => {} })).rejects.toThrow(
    'replaced.mp4 was changed after its job was made.',
  )
  expect(await store.list('results')).toEqual([])
})

it('leaves no spans when another worker has finished the job meanwhile', async () => {
  const { job } = await jobOf('forward', 'default')
  const key = jobKey(job)
  const store = await openFolderStore(join(folder, 'twin'))
  const options = { store, job, model, video: videoOf(job), workFolder: folder, notices: [], spanSteps: 2 }
  mkdirSync(join(folder, 'twin/results'))
  const finish = (stepsDone: number): void => {
    if (stepsDone === 3)
      copyFileSync(join(folder, 'whole-forward-default/results', key), join(folder, 'twin/results', key))
  }
  expect(await runJob({ ...options, onProgress: finish })).toBe('there')
  expect(await store.list(`spans/${key}`)).toEqual([])
  await store.put(`spans/${key}/000000000-000000002`, Buffer.from('of one that died'))
  expect(await runJob({ ...options, onProgress: () => {} })).toBe('there')
  expect(await store.list(`spans/${key}`)).toEqual([])
})

it('refuses a result that would leave its folder', async () => {
  const store = await openFolderStore(join(folder, 'evil'))
  const file = { place: '../outside.txt', sha256: 'a'.repeat(64), sizeBytes: 1 }
  await store.put('results/x', Buffer.from(JSON.stringify({ version: 1, frameCount: 1, files: [file] })))
  await expect(readResult(store, 'x')).rejects.toMatchObject({
    code: 'result-damaged',
    cause: { message: expect.stringContaining('must stay inside') as string },
  })
})
