import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { DEFAULT_TRACKING } from '../../tracking/tracking-options.ts'
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
  const sha256 = 'a'.repeat(64)
  return {
    job: {
      title: fileName,
      content: {
        video: { sha256, fileName },
        range: { first: null, last: null },
        objects: [{ name: 'a', frames: [{ kind: 'points-or-box', frameIndex: 0, points: [], box: null }] }],
        ...{ direction: 'forward', sizePx: 256, mode: 'default', fillOpacity: 0.4, outputs: ['tracks-json'] },
        tracking: DEFAULT_TRACKING,
        model: { name: 'nano', isOwn: false, sha256 },
      },
    },
    ...{ here: { videoPath: null, checkpointPath: null }, objectIndices: [0], outFolder },
  }
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
