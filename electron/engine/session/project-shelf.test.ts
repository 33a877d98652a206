import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { openProject } from '../project/open-project.ts'
import { testFolder } from '../project/store-fixture.ts'
import { ProjectShelf } from './project-shelf.ts'

const shelfModule = new URL('./project-shelf.ts', import.meta.url).href

/** Makes projects of one name, as an engine of another host on the same data folder does. */
const makeProjects = (dataFolder: string, count: number): string => `
  import { ProjectShelf } from ${JSON.stringify(shelfModule)}
  const shelf = new ProjectShelf(${JSON.stringify(dataFolder)}, () => ({}), () => ({}))
  for (let made = 0; made < ${String(count)}; made++) {
    const store = await shelf.createUnsaved('Film')
    store.setView({ frameIndex: made })
    store.close()
  }`

test('two hosts on one data folder never make a project in place of the other one’s', async () => {
  const { folder, remove } = testFolder()
  const argv = ['--import', 'tsx', '--input-type=module', '-e', makeProjects(folder, 12)]
  const run = promisify(execFile)
  await Promise.all([0, 1, 2].map(() => run(process.execPath, argv)))
  const names = readdirSync(join(folder, 'projects')).sort()
  const expected = Array.from({ length: 36 }, (_, index) =>
    index === 0 ? 'Film' : `Film ${String(index + 1)}`,
  )
  expect(names).toEqual(expected.map((name) => `${name}.maskwright`).sort())
  remove()
})

test('a project that could not be made to its end is not held open', async () => {
  const { folder, remove } = testFolder()
  const shelf = new ProjectShelf(
    folder,
    () => ({}),
    () => {
      throw new Error('as on a full disk')
    },
  )
  const path = join(folder, 'film.maskwright')
  await expect(shelf.create(path, 'Film')).rejects.toThrow('as on a full disk')
  const store = await openProject(path)
  store.close()
  remove()
})
