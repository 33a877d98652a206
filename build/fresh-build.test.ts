import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { buildIfStale } from './fresh-build.ts'

let root: string
let builds: number
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'maskwright-build-'))
  builds = 0
  await mkdir(join(root, 'source', 'deep'), { recursive: true })
  await write('source/deep/a.ts', 1_000)
})

async function write(path: string, changedSeconds: number): Promise<void> {
  await writeFile(join(root, path), '')
  await utimes(join(root, path), changedSeconds, changedSeconds)
}

const build = (during: () => Promise<void> = async () => {}): Promise<boolean> =>
  buildIfStale(root, ['source'], join(root, 'out', 'built-from'), async () => {
    builds++
    await during()
  })

test('builds once, and again when a source is newer or the result is gone', async () => {
  expect([await build(), await build()]).toEqual([true, false])
  await write('source/b.ts', 2_000)
  expect([await build(), await build()]).toEqual([true, false])
  await rm(join(root, 'out'), { recursive: true })
  expect(await build()).toBe(true)
  expect(builds).toBe(3)
})

test('tests and weights need no new build', async () => {
  await build()
  await write('source/a.test.ts', 3_000)
  await write('source/nano.pt', 3_000)
  expect(await build()).toBe(false)
})

test('what changes during a build is built next time, and so is what failed', async () => {
  await build(() => write('source/b.ts', 4_000))
  expect(await build()).toBe(true)
  await write('source/b.ts', 5_000)
  await expect(build(() => Promise.reject(new Error('syntax')))).rejects.toThrow('syntax')
  expect(await build()).toBe(true)
})
