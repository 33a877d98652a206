import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { plainJob } from '../../../../test/fixtures/batch/plain-job.ts'
import { OutFolderTwice, requireOwnFolders } from './out-folders.ts'
import type { PreparedJob } from './prepared-job.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maskwright-out-'))
  await mkdir(join(folder, 'out'))
  await symlink(join(folder, 'out'), join(folder, 'link'), 'junction')
})
afterAll(() => rm(folder, { recursive: true }))

function prepared(fileName: string, outFolder: string | null): PreparedJob {
  const here = { videoPath: null, checkpointPath: null }
  return { job: plainJob(fileName), here, objectIndices: [0], outFolder }
}

it.each([
  ['out', 'out'],
  ['out', 'out/'],
  ['out', 'other/../out'],
  ['out/new', 'link/new'],
])('refuses two jobs that go to %s and %s', (one, two) => {
  const jobs = [prepared('a.mp4', `${folder}/${one}`), prepared('b.mp4', `${folder}/${two}`)]
  expect(() => requireOwnFolders(jobs)).toThrow(OutFolderTwice)
  expect(() => requireOwnFolders(jobs)).toThrow(/^a\.mp4 and b\.mp4 both go to .*out/)
})

it('takes folders below each other, one job twice, and jobs that stay in the store', () => {
  const places = [`${folder}/out`, `${folder}/out/below`, `${folder}/out2`, null, null]
  const jobs = places.map((place, n) => prepared(`${n}.mp4`, place))
  expect(() => requireOwnFolders([...jobs, jobs[0]!])).not.toThrow()
})
