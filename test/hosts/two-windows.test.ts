import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import type { Project } from '../../electron/contract/project.ts'
import { createProject } from '../../electron/engine/project/create-project.ts'
import { startBrowserApp, type BrowserApp } from '../../electron/host/browser/browser-app.ts'
import { writeInterface } from '../fixtures/hosts/interface-fixture.ts'
import { openSocketWindow, type SocketWindow } from '../fixtures/hosts/socket-window.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const OBJECTS = 8

const apps: BrowserApp[] = []
const folders: string[] = []
afterEach(async () => {
  await Promise.all(apps.splice(0).map((app) => app.close()))
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })))
})

async function newProject(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'maskwright-windows-'))
  folders.push(folder)
  const path = join(folder, 'shared.maskwright')
  const store = await createProject(path, { name: 'Shared' })
  store.close()
  return path
}

/** A host with the real engine and data of its own, as another person's or another start of the app would be. */
async function startHost(openPath: string): Promise<BrowserApp> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'maskwright-data-'))
  folders.push(dataFolder)
  const app = await startBrowserApp(
    {
      appFolder: ROOT,
      appVersion: '0.0.0',
      engineEntry: join(ROOT, 'electron', 'engine-process.ts'),
      interfaceFolder: await writeInterface(),
      preloadScript: '',
    },
    dataFolder,
    { openPath, hostname: '127.0.0.1', port: 0, roots: [] },
  )
  apps.push(app)
  return app
}

async function projectIn(window: SocketWindow): Promise<Project | null> {
  const answer = await window.call('project.current')
  if (!answer.ok) throw new Error(answer.message)
  return (answer.result as { project: Project | null }).project
}

const addObject = (window: SocketWindow, name: string) => window.call('object.add', { name })

test('two windows of one host work on the same project: both see every edit, and either undoes it', async () => {
  const app = await startHost(await newProject())
  const windows = [await openSocketWindow(app.address), await openSocketWindow(app.address)]
  await projectIn(windows[0]!)
  const answers = await Promise.all(
    windows.flatMap((window, index) =>
      Array.from({ length: OBJECTS }, (_, object) => addObject(window, `${index}-${object}`)),
    ),
  )
  expect(answers.every(({ ok }) => ok)).toBe(true)
  const projects = await Promise.all(windows.map(projectIn))
  expect(projects[0]!.objects).toHaveLength(2 * OBJECTS)
  expect(projects[1]).toEqual(projects[0])
  for (const window of windows) {
    const changes = window.events.flatMap(({ event, payload }) =>
      event === 'project.changed' ? [payload] : [],
    )
    // Nothing is missing between one change and the next, so each window's copy stays whole.
    expect(changes.slice(1).map(({ baseRevision }) => baseRevision)).toEqual(
      changes.slice(0, -1).map(({ revision }) => revision),
    )
    expect(changes.at(-1)!.revision).toBe(projects[0]!.revision)
  }

  expect(await windows[1]!.call('history.undo')).toMatchObject({ ok: true })
  expect((await projectIn(windows[0]!))!.objects).toHaveLength(2 * OBJECTS - 1)
})

test('a second host is told that the project is open, and takes nothing from the first', async () => {
  const path = await newProject()
  const first = await openSocketWindow((await startHost(path)).address)
  expect(await addObject(first, 'before')).toMatchObject({ ok: true })

  const other = await startHost(path)
  // Said before any window was there to hear it.
  await expect.poll(() => other.desk.engine.status.state, { timeout: 60_000 }).toBe('ready')
  const second = await openSocketWindow(other.address)
  expect(await projectIn(second)).toBeNull()
  await expect
    .poll(() => second.events)
    .toContainEqual({
      event: 'notice',
      payload: expect.objectContaining({ level: 'error', code: 'ProjectInUse' }) as unknown,
    })
  expect(await addObject(second, 'stray')).toMatchObject({ ok: false, code: 'NoProjectOpen' })
  expect(await addObject(first, 'after')).toMatchObject({ ok: true })

  await Promise.all(apps.splice(0).map((app) => app.close()))
  const third = await openSocketWindow((await startHost(path)).address)
  expect((await projectIn(third))!.objects.map(({ name }) => name)).toEqual(['before', 'after'])
})
