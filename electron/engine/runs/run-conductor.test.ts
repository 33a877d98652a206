import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startRun, updateRun } from '../project/edits/run-edits.ts'
import { projectWith, testFolder } from '../project/store-fixture.ts'
import { ProjectWork } from '../session/project-work.ts'

test('a run whose end could not be put down, as on a full disk, can be resumed', async () => {
  const { folder, remove } = testFolder()
  const { store, videoId, objectIds } = await projectWith(join(folder, 'film.maskwright'), {
    frameCount: 10,
    objects: 1,
  })
  const work = await ProjectWork.of(store, { model: 'nano', imageSize: 256, device: 'cpu' })
  const request = {
    ...{ videoId, objectIds, startFrame: 0 },
    ...({ direction: 'forward', limit: { kind: 'end' }, extent: 'all' } as const),
  }
  const { run } = startRun(store, { request, model: 'nano', framesTotal: 10 })
  updateRun(store, run.id, { state: 'running' })
  expect(work.runs.resume(run.id).run.state).toBe('waiting')
  expect(work.runs.isBusy).toBe(true)
  await work.close()
  store.close()
  remove()
})
