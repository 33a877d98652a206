import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { NotAModelFile } from '../../../models/zoo/model-store.ts'
import { weightsFile } from '../../../models/zoo/resolve-model.ts'
import { findZooModel } from '../../../models/zoo/zoo.ts'
import { ModelShelf } from './model-shelf.ts'

let folder: string
let shelf: ModelShelf
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maskwright-shelf-'))
  shelf = new ModelShelf({ folder: () => folder, usedModelId: () => 'nano', onProgress: () => undefined })
})
afterEach(() => rm(folder, { recursive: true }))

const nano = weightsFile(findZooModel('nano')!)

/** A checkpoint of the person's own; a tuned one has one other byte in its weights. */
async function checkpoint(name: string, isTuned = false): Promise<string> {
  const path = join(folder, 'elsewhere', name)
  await mkdir(join(path, '..'), { recursive: true })
  const bytes = await readFile(nano)
  const middle = bytes.length >> 1
  if (isTuned) bytes[middle] = bytes[middle]! ^ 1
  await writeFile(path, bytes)
  return path
}

it('keeps an added checkpoint beside others that come to the same plain name', async () => {
  const ids = [
    await shelf.addFile(await checkpoint('模型一.pt')),
    await shelf.addFile(await checkpoint('模型二.pt')),
    await shelf.addFile(await checkpoint('.hidden.pt')),
  ]
  expect(ids).toEqual(['file--.pt', 'file--.pt', 'file-hidden.pt'])
  expect(await shelf.addFile(await checkpoint('hidden.pt', true))).toBe('file-hidden-2.pt')
  const own = await readdir(join(folder, 'own'))
  expect(own.filter((name) => name.startsWith('.'))).toEqual([])
  const listed = (await shelf.list()).filter(({ family }) => family === 'Own')
  expect(listed.map(({ name }) => name)).toEqual(own.sort())
})

it('leaves nothing of a copy that failed', async () => {
  await expect(shelf.addFile(join(folder, 'none.pt'))).rejects.toThrow()
  expect(await readdir(folder)).not.toContain('own')
})

it('says in one sentence that a folder stands under a model’s name', async () => {
  await mkdir(weightsFile(findZooModel('edgetam')!, folder), { recursive: true })
  await expect(shelf.verify('edgetam')).rejects.toThrow(NotAModelFile)
  await expect(shelf.remove('edgetam')).rejects.toThrow(NotAModelFile)
})
