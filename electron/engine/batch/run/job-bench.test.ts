import { readdirSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { makeClip } from '../../../../test/command-line.ts'
import { plainJob } from '../../../../test/fixtures/batch/plain-job.ts'
import { jobModel } from '../jobs/job-model.ts'
import { openFolderStore } from '../store/folder-store.ts'
import { storeFile } from '../store/stored-files.ts'
import { JobBench, OtherModel } from './job-bench.ts'
import type { JobProcessSettings } from './job-messages.ts'

vi.setConfig({ testTimeout: 300_000 })

let folder: string
let settings: JobProcessSettings
const nowhere = { videoPath: null, checkpointPath: null }

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
  const run = (name: string) => bench.run(plainJob('a.mp4', { name }), settings, nowhere, () => {})
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
    expect(await bench.run({ ...job, content }, settings, nowhere, () => {})).toBe('made')
    const [own] = await readdir(settings.workFolder)
    kept.push(readdirSync(join(settings.workFolder, own!), { recursive: true }).map(String).sort())
  }
  expect(kept).toEqual([
    ['video', 'video/a.mp4'],
    ['video', 'video/b.mp4'],
  ])
})
