import { mkdir, mkdtemp, realpath, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { commands } from '../contract/commands.ts'
import { withinRoots } from './file-access.ts'
import { createFileTokens, type FileTokens } from './file-tokens.ts'
import { createFolderBrowser, type FolderBrowser } from './folder-browser.ts'

let base: string
let tokens: FileTokens
let browser: FolderBrowser
const WINDOW = 1

beforeEach(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'maskwright-browse-')))
  const root = join(base, 'home')
  await mkdir(join(root, 'clips'), { recursive: true })
  await mkdir(join(root, '.ssh'))
  await mkdir(join(base, 'outside'))
  await writeFile(join(root, 'clips', 'a10.mp4'), '12345')
  await writeFile(join(root, 'clips', 'a9.MOV'), '123')
  await writeFile(join(root, 'clips', 'notes.txt'), '')
  await writeFile(join(base, 'outside', 'secret.mp4'), '')
  await symlink(join(base, 'outside'), join(root, 'way-out'))
  await symlink(join(root, 'clips', 'a10.mp4'), join(root, 'favourite'))
  tokens = createFileTokens()
  browser = createFolderBrowser(withinRoots([root]), tokens)
})

async function enter(name: string) {
  const listing = await browser.browse({ purpose: 'addVideo', folder: null }, WINDOW)
  const entry = listing.entries.find((one) => one.name === name)
  return browser.browse({ purpose: 'addVideo', folder: entry!.token }, WINDOW)
}

test('lists what is within reach, folders first, numbers in order', async () => {
  const top = await browser.browse({ purpose: 'addVideo', folder: null }, WINDOW)
  expect(commands['files.browse'].result.parse(top)).toEqual(top)
  expect(top.parent).toBeNull()
  expect(top.places.map(({ name }) => name)).toEqual(['home'])
  // Hidden folders and the link that leads out are not even named.
  expect(top.entries.map(({ name, kind }) => [name, kind])).toEqual([
    ['clips', 'folder'],
    ['favourite', 'file'],
  ])
  const clips = await enter('clips')
  expect(clips.parent?.name).toBe('home')
  expect(clips.entries.map(({ name, sizeBytes, selectable }) => [name, sizeBytes, selectable])).toEqual([
    ['a9.MOV', 3, true],
    ['a10.mp4', 5, true],
    ['notes.txt', 0, false],
  ])
})

test('no path of the machine is in a listing', async () => {
  const text = JSON.stringify([
    await enter('clips'),
    await browser.browse({ purpose: 'openProject', folder: null }, 1),
  ])
  expect(text).not.toContain(base)
  expect(text).not.toContain('/')
})

test('tokens are for one window and one purpose', async () => {
  const { entries } = await browser.browse({ purpose: 'addVideo', folder: null }, WINDOW)
  const folder = entries[0]!.token
  await expect(browser.browse({ purpose: 'addVideo', folder }, 2)).rejects.toThrow('not there')
  await expect(browser.browse({ purpose: 'openProject', folder }, WINDOW)).rejects.toThrow('not there')
  const file = entries[1]!.token
  await expect(browser.browse({ purpose: 'addVideo', folder: file }, WINDOW)).rejects.toThrow('not there')
  expect(tokens.find(WINDOW, file)).toEqual({
    // A link is taken for what it leads to.
    path: join(base, 'home', 'clips', 'a10.mp4'),
    purpose: 'addVideo',
    kind: 'file',
    selectable: true,
  })
  // Listing again names the same things by the same tokens.
  expect((await browser.browse({ purpose: 'addVideo', folder: null }, WINDOW)).entries).toEqual(entries)
  tokens.forget(WINDOW)
  await expect(browser.browse({ purpose: 'addVideo', folder }, WINDOW)).rejects.toThrow('not there')
})

test('a new file gets its ending, and is said to exist when it does', async () => {
  const listing = await browser.browse({ purpose: 'saveProject', folder: null }, WINDOW)
  const save = (name: string) =>
    browser.nameFile({ purpose: 'saveProject', folder: listing.folder.token, name }, WINDOW)
  const fresh = await save('shoot 3')
  expect(commands['files.name'].result.parse(fresh)).toEqual(fresh)
  expect(fresh).toMatchObject({ exists: false, files: [{ name: 'shoot 3.maskwright', kind: 'file' }] })
  expect(tokens.find(WINDOW, fresh.files[0]!.token)?.path).toBe(join(base, 'home', 'shoot 3.maskwright'))
  await writeFile(join(base, 'home', 'old.maskwright'), '')
  expect(await save('old.maskwright')).toMatchObject({ exists: true })
  await symlink(join(base, 'outside', 'x.maskwright'), join(base, 'home', 'trap.maskwright'))
  await expect(save('trap')).rejects.toThrow('not there')
})

test.each(['../x', 'a/b', 'a\\b', '..', '.hidden', 'C:x', 'a\0b'])('refuses %j as a name', async (name) => {
  const { folder } = await browser.browse({ purpose: 'saveProject', folder: null }, WINDOW)
  await expect(
    browser.nameFile({ purpose: 'saveProject', folder: folder.token, name }, WINDOW),
  ).rejects.toThrow('cannot contain')
})

test('only what is saved to gets a name', async () => {
  const { folder } = await browser.browse({ purpose: 'addVideo', folder: null }, WINDOW)
  await expect(
    browser.nameFile({ purpose: 'addVideo', folder: folder.token, name: 'x.mp4' }, WINDOW),
  ).rejects.toThrow('cannot contain')
})
