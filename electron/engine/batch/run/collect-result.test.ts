import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openFolderStore } from '../store/folder-store.ts'
import type { ResultStore } from '../store/result-store.ts'
import { collectResult, ResultNotPlaced } from './collect-result.ts'
import { hasReadableResult, readResult, ResultDamaged, storeResult } from './job-result.ts'

let folder: string
let out: string
let store: ResultStore

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maskwright-collect-'))
  out = join(folder, 'out')
  store = await openFolderStore(join(folder, 'store'))
})
afterEach(() => rm(folder, { recursive: true }))

/** Brings a result with these files to the folder. */
async function collect(name: string, files: Readonly<Record<string, string>>): Promise<void> {
  const made = join(folder, name)
  for (const [place, text] of Object.entries(files)) await write(join(made, place), text)
  await storeResult(store, name, made, { frameCount: 1, notices: [] })
  await collectResult(store, (await readResult(store, name))!, out)
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text)
}

async function shown(): Promise<string[]> {
  const entries = await readdir(out, { recursive: true, withFileTypes: true })
  const places = entries.map((entry) => join(entry.parentPath, entry.name).slice(out.length + 1))
  return places.filter((place) => !place.startsWith('.')).sort()
}

it('leaves nothing of an earlier result and all of what others put there', async () => {
  await collect('long', {
    'tracks.json': '4',
    'masks/a/0.png': '0',
    'masks/a/1.png': '1',
    'masks/b/0.png': '0',
  })
  await write(join(out, 'masks/a/mine.txt'), 'mine')
  await write(join(out, 'notes.txt'), 'mine')
  await collect('short', { 'tracks.json': '2', 'masks/a/0.png': '0' })
  expect(await shown()).toEqual([
    'masks',
    ...['masks/a', 'masks/a/0.png', 'masks/a/mine.txt'],
    ...['notes.txt', 'tracks.json'],
  ])
  expect(await readFile(join(out, 'tracks.json'), 'utf8')).toBe('2')
})

it('forgets a result that cannot be read, so that its job is done anew', async () => {
  await store.put('results/cut', Buffer.from('{"version":1,"fi'))
  await expect(readResult(store, 'cut')).rejects.toThrow(ResultDamaged)
  expect(await hasReadableResult(store, 'cut')).toBe(false)
  expect(await readResult(store, 'cut')).toBeNull()
})

it('says in one sentence that a file stands where its folder should be', async () => {
  await write(out, 'a file')
  await expect(collect('any', { '0.png': '0' })).rejects.toThrow(ResultNotPlaced)
})

it('keeps a file of an earlier result that was changed since', async () => {
  await collect('long', { '0.png': '0', '1.png': '1' })
  await writeFile(join(out, '1.png'), 'retouched')
  await collect('short', { '0.png': '0' })
  expect(await readFile(join(out, '1.png'), 'utf8')).toBe('retouched')
})

it('removes what was left over when collecting was cut off', async () => {
  await collect('long', { '0.png': '0', '1.png': '1' })
  const result = (await readResult(store, 'long'))!
  const cut = {
    ...result,
    files: [...result.files, { place: '2.png', sha256: '2'.repeat(64), sizeBytes: 1 }],
  }
  await expect(collectResult(store, cut, out)).rejects.toThrow('does not have')
  await collect('short', { '0.png': '0' })
  expect(await shown()).toEqual(['0.png'])
})

it('removes nothing outside for a record that was tampered with', async () => {
  await collect('long', { '0.png': '0' })
  await write(join(folder, 'outside.txt'), '0')
  const record = join(out, '.maskwright-result.json')
  await writeFile(record, (await readFile(record, 'utf8')).replace('0.png', '../outside.txt'))
  await collect('short', { '1.png': '1' })
  expect(await readFile(join(folder, 'outside.txt'), 'utf8')).toBe('0')
})
