import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { addPoint } from '../project/edits/prompt-edits.ts'
import { startRun, updateRun } from '../project/edits/run-edits.ts'
import type { ProjectStore } from '../project/project-store.ts'
import { projectWith, testFolder } from '../project/store-fixture.ts'
import { DEFAULT_TRACKING } from '../tracking/tracking-options.ts'
import { ProjectWork } from '../session/project-work.ts'

let store: ProjectStore
let work: ProjectWork
let request: Parameters<ProjectWork['runs']['start']>[0]
let remove: () => void

beforeEach(async () => {
  const made = testFolder()
  remove = made.remove
  const path = join(made.folder, 'film.maskwright')
  // Its video is not there: a run ends as soon as it asks for it.
  const { videoId, objectIds, ...project } = await projectWith(path, { frameCount: 10, objects: 1 })
  store = project.store
  addPoint(store, { videoId, objectId: objectIds[0]!, frameIndex: 0 }, { x: 1, y: 1, label: 1 })
  request = {
    ...{ videoId, objectIds, startFrame: 0 },
    ...({ direction: 'forward', limit: { kind: 'end' }, extent: 'all' } as const),
  }
  work = await ProjectWork.of(store, {
    model: 'nano',
    imageSize: 256,
    device: 'cpu',
    onNotice: () => {},
    precision: 'auto',
    tracking: DEFAULT_TRACKING,
  })
})
afterEach(async () => {
  await work.close()
  store.close()
  remove()
})

test('a run whose end could not be put down, as on a full disk, can be resumed', () => {
  const { run } = startRun(store, { request, model: 'nano', framesTotal: 10 })
  updateRun(store, run.id, { state: 'running' })
  expect(work.runs.resume(run.id).run.state).toBe('waiting')
  expect(work.runs.isBusy).toBe(true)
})

test('a run that meets what is closed with its project has not failed', async () => {
  const { run } = work.runs.start(request)
  await setImmediate()
  expect(store.records.get('runs', run.id)?.state).toBe('running')
  await work.runs.close()
  expect(store.records.get('runs', run.id)?.state).toBe('running')
})
