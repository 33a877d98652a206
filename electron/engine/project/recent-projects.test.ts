import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { RecentProjects } from './recent-projects.ts'
import { testFolder } from './store-fixture.ts'

test('recent projects: newest first, each once, bounded, forgotten on request, and no list is no error', async () => {
  const { folder, remove } = testFolder()
  const recent = new RecentProjects(folder)
  expect(await recent.list()).toEqual([])
  for (let i = 0; i < 25; i++)
    await recent.add(join(folder, `${String(i)}.maskwright`), `Film ${String(i)}`, i)
  await recent.add(join(folder, '10.maskwright'), 'Film 10', 100)
  writeFileSync(join(folder, '10.maskwright'), '')
  const list = await recent.list()
  expect(list.length).toBe(20)
  expect(list[0]).toMatchObject({ name: 'Film 10', openedAt: 100, available: true, location: folder })
  expect(list[1]).toMatchObject({ name: 'Film 24', available: false })
  expect(await recent.pathOf(list[1]!.recentId)).toBe(join(folder, '24.maskwright'))
  await recent.forget(list[1]!.recentId)
  expect(await recent.pathOf(list[1]!.recentId)).toBeNull()
  writeFileSync(join(folder, 'recent-projects.json'), '{ broken')
  expect(await recent.list()).toEqual([])
  remove()
})
