import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createProject } from './create-project.ts'
import { addMasks } from './edits/mask-edits.ts'
import { renameObject } from './edits/object-edits.ts'
import { openProject } from './open-project.ts'
import { ProjectDiskFullError, ProjectReadOnlyError } from './project-errors.ts'
import { labelledContents } from './store-contents.ts'
import { maskOfArea, projectWith, scores, testFolder } from './store-fixture.ts'

let folder: string
let remove: () => void
beforeEach(() => {
  ;({ folder, remove } = testFolder())
})
afterEach(() => {
  remove()
})

/** Fills the project with masks until that fails; says how many batches were acknowledged. */
async function fill(path: string, limitPages: number | null): Promise<void> {
  const { store, videoId, objectIds } = await projectWith(path, { frameCount: 100_000, objects: 1 })
  if (limitPages !== null) store.database.execute(`PRAGMA max_page_count = ${String(limitPages)}`)
  const objectId = objectIds[0]!
  const addBatch = (batch: number) => {
    const masks = Array.from({ length: 200 }, (_, index) => ({
      objectId,
      frameIndex: batch * 200 + index,
      mask: maskOfArea(index % 100),
      scores: scores(0.5),
    }))
    addMasks(store, { videoId, origin: 'import', model: null }, masks, 'fill')
  }
  let batch = 0
  expect(() => {
    for (;;) addBatch(batch++)
  }).toThrow(ProjectDiskFullError)
  expect(batch).toBeGreaterThan(1)
  const contents = labelledContents(store)
  expect(contents.masks.length).toBe((batch - 1) * 200)
  expect(store.project().history.undo?.action).toBe('masks.import')
  store.close()

  const again = await openProject(path)
  expect(again.notices).toEqual([])
  expect(labelledContents(again)).toEqual(contents)
  again.undo()
  renameObject(again, objectId, 'after all')
  expect(again.project().objects[0]!.name).toBe('after all')
  again.close()
}

test('an edit that does not fit is taken back whole, and everything before it is there', async () => {
  await fill(join(folder, 'film.maskwright'), 60)
})

function mountSmallDisk(at: string): boolean {
  try {
    mkdirSync(at)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=600k', 'tmpfs', at], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

test('the same on a disk that is really full', async ({ skip }) => {
  const disk = join(folder, 'disk')
  if (!mountSmallDisk(disk)) skip('a small disk can only be mounted by root')
  try {
    await fill(join(disk, 'film.maskwright'), null)
    execFileSync('sh', ['-c', `head -c 1000000 /dev/zero > ${join(disk, 'rest')} || true`], {
      stdio: 'ignore',
    })
    await expect(createProject(join(disk, 'other.maskwright'), { name: 'Other' })).rejects.toThrow(
      ProjectDiskFullError,
    )
  } finally {
    execFileSync('umount', [disk])
  }
})

test('a disk that may not be written to is refused in words', async ({ skip }) => {
  const disk = join(folder, 'disk')
  if (!mountSmallDisk(disk)) skip('a small disk can only be mounted by root')
  try {
    const path = join(disk, 'film.maskwright')
    const { store } = await projectWith(path, { frameCount: 10, objects: 1 })
    store.close()
    execFileSync('mount', ['-o', 'remount,ro', disk])
    await expect(openProject(path)).rejects.toThrow(ProjectReadOnlyError)
    await expect(createProject(join(disk, 'other.maskwright'), { name: 'Other' })).rejects.toThrow(
      ProjectReadOnlyError,
    )
  } finally {
    execFileSync('umount', [disk])
  }
})
