import { readdirSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { makeClip } from '../../../../test/command-line.ts'
import { plainJob } from '../../../../test/fixtures/batch/plain-job.ts'
import { jobModel } from '../jobs/job-model.ts'
import { InferenceFailed } from '../../../../models/runtime/session.ts'
import { floatTensor } from '../../../../models/runtime/tensor.ts'
import { deviceThat, type DeviceRun, type OpenSession } from '../../../../test/fixtures/failing-device.ts'
import { jobKey, type BatchJob } from '../jobs/batch-job.ts'
import { openFolderStore } from '../store/folder-store.ts'
import { storeFile } from '../store/stored-files.ts'
import { JobBench, OtherModel } from './job-bench.ts'
import { readResult, type JobResult } from './job-result.ts'
import type { JobNews, JobProcessSettings } from './job-messages.ts'

vi.setConfig({ testTimeout: 300_000 })

let folder: string
let settings: JobProcessSettings
const nowhere = { videoPath: null, checkpointPath: null }
const silent: JobNews = { onProgress: () => {}, onNotice: () => {} }

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maskwright-job-bench-'))
  settings = {
    ...{ store: join(folder, 'store'), workFolder: join(folder, 'work') },
    ...{ device: 'cpu', threads: 1, spanSteps: 64 },
  }
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(folder, { recursive: true })
})

it('says that a model is not on this machine, or another one, before a film is brought', async () => {
  vi.stubEnv('MASKWRIGHT_DATA', join(folder, 'empty'))
  const bench = new JobBench()
  const run = (name: string) => bench.run(plainJob('a.mp4', { name }), settings, nowhere, silent)
  await expect(run('tiny')).rejects.toThrow(/^The model sam2\.1-tiny \(\d+ MB\) is not on this machine yet/)
  await expect(run('nano')).rejects.toThrow(OtherModel)
})

it('keeps one film from the store at a time', async () => {
  const store = await openFolderStore(settings.store)
  const { model } = await jobModel('nano')
  const bench = new JobBench()
  const kept: string[][] = []
  for (const [fileName, frames] of [
    ['a.mp4', 2],
    ['b.mp4', 3],
  ] as const) {
    const path = join(folder, fileName)
    await makeClip(path, { frames })
    const { sha256 } = await storeFile(store, path)
    const job = plainJob(fileName, model)
    const content = { ...job.content, video: { sha256, fileName } }
    expect(await bench.run({ ...job, content }, settings, nowhere, silent)).toBe('made')
    const [own] = await readdir(settings.workFolder)
    kept.push(readdirSync(join(settings.workFolder, own!), { recursive: true }).map(String).sort())
  }
  expect(kept).toEqual([
    ['video', 'video/a.mp4'],
    ['video', 'video/b.mp4'],
  ])
})

describe('a device that fails', () => {
  /** A job of six frames whose film is in the store, with another click for another job of the same model. */
  async function jobOf(x: number): Promise<BatchJob> {
    const store = await openFolderStore(settings.store)
    const path = join(folder, 'clip.mp4')
    await makeClip(path, { frames: 6 })
    const { sha256 } = await storeFile(store, path)
    const job = plainJob('clip.mp4', (await jobModel('nano')).model)
    const points = [{ x, y: 60, label: 1 as const }]
    const objects = [
      { name: 'thing', frames: [{ kind: 'points-or-box' as const, frameIndex: 0, points, box: null }] },
    ]
    const video = { sha256, fileName: 'clip.mp4' }
    return { ...job, content: { ...job.content, video, objects, sizePx: 128, outputs: ['mask-png'] } }
  }

  let processorResults: Promise<JobResult[]> | undefined

  /** Does two jobs one after the other on a device. */
  async function doTwo(
    device: JobProcessSettings['device'],
    openSession?: OpenSession,
  ): Promise<{ notices: string[][]; results: JobResult[] }> {
    const store = await openFolderStore(join(folder, `store-${device}`))
    const bench = new JobBench(openSession)
    const notices: string[][] = []
    const results: JobResult[] = []
    settings = { ...settings, store: join(folder, `store-${device}`), device, spanSteps: 2 }
    for (const x of [80, 40]) {
      const heard: string[] = []
      const job = await jobOf(x)
      const news = { onProgress: () => {}, onNotice: (sentence: string) => heard.push(sentence) }
      expect(await bench.run(job, settings, nowhere, news)).toBe('made')
      notices.push(heard)
      results.push((await readResult(store, jobKey(job)))!)
    }
    return { notices, results }
  }

  /** Fails in a run of a graph, and in all that come after. */
  function failing(graph: string, from: number, message: string): DeviceRun {
    return (name, run, outputs) =>
      name === graph && run >= from
        ? Promise.reject(new InferenceFailed(graph, { device: 'webgpu', cause: new Error(message) }))
        : outputs()
  }

  it.each([
    ['is lost', 'mask-decoder-none', 3, 'Device was lost', /graphics device was lost/],
    // What is stored of a job on its way is brought from the device.
    ['is lost while the bank is stored', 'memory-join-1', 4, 'Device was lost', /graphics device was lost/],
    ['has no memory left', 'memory-attention', 2, 'out of memory', /not enough memory for WebGPU/],
  ] as const)(
    'that %s is told and kept with the results, and jobs go on on the processor',
    async (_, graph, from, message, sentence) => {
      const onProcessor = await (processorResults ??= doTwo('cpu').then(({ results }) => results))
      const { notices, results } = await doTwo('webgpu', deviceThat(failing(graph, from, message)))
      // The second job never saw the device, and is told of it all the same.
      expect(notices).toEqual([[expect.stringMatching(sentence)], [expect.stringMatching(sentence)]])
      expect(results.map((result) => result.notices)).toEqual(notices)
      expect(onProcessor.map((result) => result.notices)).toEqual([undefined, undefined])
      for (const [index, { files, frameCount }] of results.entries()) {
        expect(frameCount).toBe(6)
        const places = onProcessor[index]!.files.map(({ place }) => place)
        expect(files.map(({ place }) => place)).toEqual(places)
      }
      // From when the device is gone, both compute the same.
      expect(results[1]!.files).toEqual(onProcessor[1]!.files)
    },
  )

  it('is not told of for a job that is done already', async () => {
    const { results } = await doTwo('cpu')
    expect(results).toHaveLength(2)
    const bench = new JobBench(deviceThat(failing('mask-decoder-none', 1, 'Device was lost')))
    const onDevice = { ...settings, device: 'webgpu' as const }
    expect(await bench.run(await jobOf(100), onDevice, nowhere, silent)).toBe('made')
    const heard: string[] = []
    const news = { onProgress: () => {}, onNotice: (sentence: string) => heard.push(sentence) }
    expect(await bench.run(await jobOf(80), onDevice, nowhere, news)).toBe('there')
    expect(heard).toEqual([])
  })

  it('gives numbers that are none: jobs go on on the processor', async () => {
    const broken: DeviceRun = async (name, run, outputs) => {
      const found = await outputs()
      if (name !== 'mask-decoder-none' || run < 3) return found
      const { native } = found['mask_logits']!
      const none = floatTensor(new Float32Array(native.size).fill(NaN), native.dims)
      return { ...found, mask_logits: none }
    }
    const { notices } = await doTwo('webgpu', deviceThat(broken))
    for (const heard of notices)
      expect(heard).toEqual([expect.stringMatching(/numbers that are none on WebGPU.*on the processor/)])
  })
})
