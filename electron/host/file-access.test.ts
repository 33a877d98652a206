import { mkdir, mkdtemp, realpath, symlink, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join, parse } from 'node:path'
import fc from 'fast-check'
import { beforeEach, expect, test } from 'vitest'
import {
  FileOutOfReach,
  isInside,
  rootsOfOpened,
  usualRoots,
  wholeMachine,
  withinRoots,
} from './file-access.ts'

let base: string
let root: string

beforeEach(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'maskwright-reach-')))
  root = join(base, 'root')
  await mkdir(join(root, 'clips'), { recursive: true })
  await mkdir(join(base, 'root-evil'))
  await writeFile(join(root, 'clips', 'a.mp4'), 'a')
  await writeFile(join(base, 'secret.txt'), 'secret')
  await writeFile(join(base, 'root-evil', 'b.mp4'), 'b')
  await symlink(join(base, 'secret.txt'), join(root, 'leads-out'))
  await symlink(base, join(root, 'climbs'))
  await symlink(join(root, 'clips', 'a.mp4'), join(root, 'stays'))
  await symlink(join(root, 'nowhere'), join(root, 'dangles'))
})

test('what lies in a root is reached, also through a link that stays inside', async () => {
  const access = withinRoots([root])
  expect(access.roots).toEqual([root])
  expect(await access.confine(join(root, 'clips', 'a.mp4'))).toBe(join(root, 'clips', 'a.mp4'))
  expect(await access.confine(join(root, 'stays'))).toBe(join(root, 'clips', 'a.mp4'))
  expect(await access.confine(root)).toBe(root)
  expect(await access.confineNew(join(root, 'clips', 'new.maskwright'))).toBe(
    join(root, 'clips', 'new.maskwright'),
  )
})

test('a root can be chosen to write into, though the folder above it is out of reach', async () => {
  expect(await withinRoots([root]).confineNew(root)).toBe(root)
  expect(await wholeMachine().confineNew(parse(root).root)).toBe(parse(root).root)
})

test.each([
  ['the folder above', ''],
  ['a file beside', 'secret.txt'],
  ['a sibling whose name begins alike', 'root-evil/b.mp4'],
  ['a climb', 'root/../secret.txt'],
  ['a climb from below', 'root/clips/../../secret.txt'],
  ['a link to a file outside', 'root/leads-out'],
  ['a way through a linked folder', 'root/climbs/secret.txt'],
  ['a linked folder', 'root/climbs'],
  ['a link to nothing', 'root/dangles'],
  ['a name that is not there', 'root/missing.mp4'],
  ['a NUL', 'root/clips/a.mp4\0.txt'],
])('%s is out of reach, for reading and for writing', async (_, path) => {
  const access = withinRoots([root])
  const target = `${base}/${path}`
  await expect(access.confine(target)).rejects.toBeInstanceOf(FileOutOfReach)
  if (path !== 'root/missing.mp4') {
    await expect(access.confineNew(target)).rejects.toBeInstanceOf(FileOutOfReach)
  }
})

test('a refusal does not say whether the file is there', async () => {
  const access = withinRoots([root])
  const [there, missing] = await Promise.all(
    ['secret.txt', 'missing.txt'].map((name) =>
      access.confine(join(base, name)).catch((error: unknown) => error as FileOutOfReach),
    ),
  )
  expect((there as Error).message).toBe((missing as Error).message)
})

test('relative paths and no roots reach nothing', async () => {
  await expect(withinRoots([root]).confine('clips/a.mp4')).rejects.toBeInstanceOf(FileOutOfReach)
  await expect(withinRoots([]).confine(root)).rejects.toBeInstanceOf(FileOutOfReach)
  expect(withinRoots([join(base, 'missing'), join(base, 'secret.txt')]).roots).toEqual([])
})

test('a native dialog reaches the whole machine, but nothing that is not there', async () => {
  expect(await wholeMachine().confine(join(base, 'secret.txt'))).toBe(join(base, 'secret.txt'))
  await expect(wholeMachine().confine(join(base, 'missing'))).rejects.toBeInstanceOf(FileOutOfReach)
})

test('the folder of what was opened is a root, never the whole file system', async () => {
  const clip = join(root, 'clips', 'a.mp4')
  expect(rootsOfOpened(clip)).toEqual([join(root, 'clips')])
  expect(rootsOfOpened(join(root, 'clips'))).toEqual([join(root, 'clips')])
  for (const path of [null, join(root, 'missing.mp4'), parse(root).root])
    expect(rootsOfOpened(path)).toEqual([])
  await symlink(parse(root).root, join(root, 'everything'))
  expect(rootsOfOpened(join(root, 'everything'))).toEqual([])
})

test('the usual roots are never the whole file system', () => {
  expect(usualRoots()).toContain(homedir())
  expect(usualRoots()).not.toContain('/')
})

test('inside means below, part by part', () => {
  const part = fc.stringMatching(/^[a-z.]{1,6}$/).filter((name) => name !== '.' && name !== '..')
  fc.assert(
    fc.property(fc.array(part, { minLength: 1 }), fc.array(part), part, (parts, below, more) => {
      const folder = `/${parts.join('/')}`
      expect(isInside(folder, [folder, ...below].join('/'))).toBe(true)
      expect(isInside(folder, `${folder}${more}`)).toBe(false)
      expect(isInside([folder, ...below, more].join('/'), folder)).toBe(false)
    }),
  )
})
