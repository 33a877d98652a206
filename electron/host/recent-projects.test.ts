import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { openRecentProjects } from './recent-projects.ts'

let path: string
const logged: string[] = []
const log = (_level: string, _scope: string, message: string): void => {
  logged.push(message)
}

beforeEach(async () => {
  path = join(await mkdtemp(join(tmpdir(), 'maskwright-recent-')), 'recent-projects.json')
  logged.length = 0
})

test('the newest is first, none is there twice, and the list outlives the process', async () => {
  const recent = await openRecentProjects(path, log)
  await recent.add('/a.maskwright', 'A')
  await recent.add('/b.maskwright', 'B')
  await recent.add('/a.maskwright', 'A again')
  const again = await openRecentProjects(path, log)
  expect(again.list().map(({ path: place, name }) => [place, name])).toEqual([
    ['/a.maskwright', 'A again'],
    ['/b.maskwright', 'B'],
  ])
  expect(again.list()[0]?.recentId).toMatch(/^[0-9a-f]{16}$/)
  await again.forget(again.list()[0]!.recentId)
  expect((await openRecentProjects(path, log)).list().map(({ name }) => name)).toEqual(['B'])
})

test('it does not grow without end', async () => {
  const recent = await openRecentProjects(path, log)
  for (let number = 0; number < 40; number++) void recent.add(`/${String(number)}.maskwright`, 'x')
  await recent.add('/last.maskwright', 'last')
  expect(recent.list()).toHaveLength(30)
  expect((await openRecentProjects(path, log)).list()[0]?.name).toBe('last')
})

test('a damaged list starts anew and is told to the log', async () => {
  await writeFile(path, '{"projects":[{')
  const recent = await openRecentProjects(path, log)
  expect(recent.list()).toEqual([])
  expect(logged).toHaveLength(1)
  await recent.add('/a.maskwright', 'A')
  expect((await openRecentProjects(path, log)).list()).toHaveLength(1)
})
