import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import { startTestEngine, testDataFolder, type TestEngine } from './engine-fixture.ts'
import { runLengthArea } from './masks/run-length-measures.ts'

const clip = fileURLToPath(new URL('../../test/fixtures/sample/bottles.mp4', import.meta.url))
const root = fileURLToPath(new URL('../../', import.meta.url))

let opened: { engine: TestEngine; remove: () => void }[] = []
afterEach(async () => {
  for (const { engine, remove } of opened) {
    await engine.hosted.close()
    remove()
  }
  opened = []
})

async function engineIn(data = testDataFolder()): Promise<{ engine: TestEngine; folder: string }> {
  const engine = await startTestEngine(data.folder)
  opened.push({ engine, remove: data.remove })
  return { engine, folder: data.folder }
}

/** A project with the clip and a boxed bottle on frame 39. */
async function boxedBottle(engine: TestEngine): Promise<{ videoId: number; objectId: number }> {
  await engine.call('project.create', { fileToken: null, name: 'Test' })
  const { videoIds } = await engine.call('video.add', { fileTokens: [engine.grant(clip, 'addVideo')] })
  const { objectId } = await engine.call('object.add', {})
  const place = { videoId: videoIds[0]!, objectId, frameIndex: 39 }
  await engine.call('prompt.setBox', { ...place, box: { left: 54, top: 105, right: 124, bottom: 314 } })
  return place
}

/** As Track asks for one object, to the end of the film. */
function forward(videoId: number, objectId: number) {
  return {
    ...{ videoId, objectIds: [objectId], startFrame: null },
    ...({ direction: 'forward', limit: { kind: 'end' }, extent: 'all' } as const),
  }
}

test('a run that was killed is there up to its last stored mask, and goes on to its end', async () => {
  const data = testDataFolder()
  const child = spawn(
    process.execPath,
    ['build/run.mjs', 'electron/engine/engine-crash-child.ts', data.folder, clip],
    { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const { framesDone } = JSON.parse(line.toString()) as { framesDone: number }
  child.kill('SIGKILL')
  await once(child, 'exit')

  const { engine } = await engineIn(data)
  await engine.hosted.open(join(data.folder, 'projects', 'Crash.maskwright'))
  const { project } = await engine.call('project.current', {})
  const run = project!.runs[0]!
  expect(run.state).toBe('interrupted')
  expect(run.framesDone).toBeGreaterThanOrEqual(framesDone)
  const { videoId, objectIds } = run.request
  const frames = async (): Promise<number[]> => {
    const span = { first: 0, last: 1_000 }
    const { masks } = await engine.call('masks.get', { videoId, objectIds, span, cleaned: false })
    return masks.map(({ frameIndex }) => frameIndex)
  }
  const before = await frames()
  expect(before.slice(0, framesDone + 1)).toEqual(
    Array.from({ length: framesDone + 1 }, (_, index) => 39 + index),
  )
  const finished = engine.next('track.progress', ({ state }) => state === 'finished')
  await engine.call('track.resume', { runId: run.id })
  await finished
  expect(await frames()).toEqual(Array.from({ length: 11 }, (_, index) => 39 + index))
  // Prompt, then run: one step each.
  await engine.call('history.undo', {})
  expect(await frames()).toEqual([39])
})

test('a run goes on with another input size, and undoing it ends it', async () => {
  const { engine } = await engineIn()
  const { videoId, objectId } = await boxedBottle(engine)
  const request = {
    ...{ videoId, objectIds: [objectId], startFrame: null },
    ...({ direction: 'forward', extent: 'all', limit: { kind: 'end' } } as const),
  }
  const atSix = engine.next('track.progress', ({ framesDone }) => framesDone >= 4)
  await engine.call('track.start', request)
  await engine.next('track.progress', ({ framesDone }) => framesDone >= 1)
  await engine.call('settings.set', { patch: { inputSizePx: 320 } })
  await atSix
  const over = engine.next('track.progress', ({ state }) => state === 'cancelled')
  await engine.call('history.undo', {})
  await over
  const span = { first: 0, last: 1_000 }
  const { masks } = await engine.call('masks.get', { videoId, objectIds: null, span, cleaned: false })
  expect(masks.map(({ frameIndex }) => frameIndex)).toEqual([39])
})

test('a run whose only prompt is undone before it has stored anything makes no masks, and redo is still there', async () => {
  const { engine } = await engineIn()
  const { videoId, objectId } = await boxedBottle(engine)
  const ended = engine.next('track.progress', ({ state }) => state === 'finished')
  await engine.call('track.start', forward(videoId, objectId))
  await engine.call('history.undo', {})
  await ended
  const { project } = await engine.call('project.current', {})
  expect(project).toMatchObject({ prompts: [], spans: [], history: { redo: { action: 'prompt.setBox' } } })
  await engine.call('history.redo', {})
  expect((await engine.call('project.current', {})).project?.prompts).toHaveLength(1)
})

test('a run ends quietly when its video is removed', async () => {
  const { engine } = await engineIn()
  const { videoId, objectId } = await boxedBottle(engine)
  const begun = engine.next('masks.updated', () => true)
  const ended = engine.next('track.progress', ({ state }) => state === 'finished')
  await engine.call('track.start', forward(videoId, objectId))
  await begun
  await engine.call('video.remove', { videoId })
  await ended
  expect(engine.all('notice')).toEqual([])
  await engine.call('history.undo', {})
  expect((await engine.call('project.current', {})).project?.spans.length).toBeGreaterThan(0)
})

test('masks are tidied as their object says, and stay as they were', async () => {
  const { engine } = await engineIn()
  const { videoId, objectId } = await boxedBottle(engine)
  const get = async (cleaned: boolean): Promise<number> => {
    const span = { first: 39, last: 39 }
    const { masks } = await engine.call('masks.get', { videoId, objectIds: null, span, cleaned })
    return runLengthArea(masks[0]!.mask)
  }
  const stored = await get(false)
  const cleanup = { fillHolesArea: 0, dropSpecksArea: 0, growPx: 4, smoothEdgePx: 0 }
  await engine.call('object.setCleanup', { objectIds: [objectId], cleanup })
  expect(await get(true)).toBeGreaterThan(stored * 1.1)
  expect(await get(false)).toBe(stored)
})

test('prompts are kept when no model can answer', async () => {
  const { engine } = await engineIn()
  await engine.call('settings.set', { patch: { modelId: 'sam2.1-large' } })
  await engine.call('project.openSample', {})
  const { project } = await engine.call('project.current', {})
  const videoId = project!.videos[0]!.id
  const { objectId } = await engine.call('object.add', {})
  const place = { videoId, objectId, frameIndex: 0 }
  const click = await engine.call('prompt.addPoint', { ...place, x: 100, y: 100, label: 1 })
  expect(click.answer).toBeNull()
  expect(engine.all('notice')).toMatchObject([{ level: 'error', code: 'ModelNotDownloaded' }])
  expect((await engine.call('project.current', {})).project?.prompts).toHaveLength(1)
  await expect(engine.call('models.use', { modelId: 'sam2.1-tiny' })).rejects.toThrow('download it first')
})

test('a video that is gone is said so, and can be linked again', async () => {
  const { engine, folder } = await engineIn()
  const films = join(folder, 'films')
  mkdirSync(films)
  const film = join(films, 'film.mp4')
  copyFileSync(clip, film)
  const file = join(folder, 'film.maskwright')
  await engine.call('project.create', { fileToken: engine.grant(file, 'saveProject'), name: 'Film' })
  await engine.call('video.add', { fileTokens: [engine.grant(film, 'addVideo')] })
  await engine.call('project.close', {})
  await expect(engine.call('object.add', {})).rejects.toMatchObject({ code: 'NoProjectOpen' })

  renameSync(film, join(films, 'moved.mp4'))
  const reopened = await engine.call('project.open', { fileToken: engine.grant(file, 'openProject') })
  const video = reopened.project.videos[0]!
  expect(video.link).toBe('missing')
  const address = { videoId: video.id, contentId: video.contentId, frameIndex: 0 }
  const { signal } = new AbortController()
  const picture = () => engine.hosted.picture({ ...address, widthPx: 160, format: 'jpeg' }, signal)
  await expect(picture()).rejects.toMatchObject({ code: 'VideoNotFound' })
  const fileToken = engine.grant(join(films, 'moved.mp4'), 'relinkVideo')
  await engine.call('video.relink', { videoId: video.id, fileToken, acceptOtherContent: false })
  expect((await picture()).bytes.length).toBeGreaterThan(1_000)
})

test('a video that is replaced or removed while it is open is not taken for the labelled one', async () => {
  const { engine, folder } = await engineIn()
  const film = join(folder, 'film.mp4')
  copyFileSync(clip, film)
  await engine.call('project.create', { fileToken: null, name: 'Film' })
  await engine.call('video.add', { fileTokens: [engine.grant(film, 'addVideo')] })
  const video = async () => (await engine.call('project.current', {})).project!.videos[0]!
  const { id: videoId, contentId } = await video()
  const { signal } = new AbortController()
  const picture = (frameIndex: number) =>
    engine.hosted.picture({ videoId, contentId, frameIndex, widthPx: 160, format: 'jpeg' }, signal)
  await picture(0)

  writeFileSync(film, 'another film')
  await expect(picture(500)).rejects.toMatchObject({ code: 'VideoChanged' })
  expect((await video()).link).toBe('changed')
  rmSync(film)
  await expect(picture(600)).rejects.toMatchObject({ code: 'VideoNotFound' })
  expect((await video()).link).toBe('missing')
  copyFileSync(clip, film)
  expect((await picture(700)).bytes.length).toBeGreaterThan(1_000)
  expect((await video()).link).toBe('linked')
})

test('a project that cannot be made leaves the one that is open', async () => {
  const { engine, folder } = await engineIn()
  const path = join(folder, 'kept.maskwright')
  const create = (at: string) =>
    engine.call('project.create', { fileToken: engine.grant(at, 'saveProject'), name: 'New' })
  const objects = async () => (await engine.call('project.current', {})).project?.objects.length
  await create(path)
  await engine.call('object.add', {})
  // A folder in the way: a project can be moved neither to where it is nor onto it.
  const taken = join(folder, 'taken.maskwright')
  mkdirSync(join(taken, 'inside'), { recursive: true })
  await expect(create(taken)).rejects.toThrow()
  expect(await objects()).toBe(1)
  await create(path)
  expect(await objects()).toBe(0)
})

test('a sample whose making was cut short gets its clip when it is opened again', async () => {
  const { engine } = await engineIn()
  await engine.call('project.create', { fileToken: null, name: 'Sample' })
  await engine.call('project.close', {})
  const { project } = await engine.call('project.openSample', {})
  expect(project.videos).toHaveLength(1)
  expect(project.history.undo).toBeNull()
  // Taken out by the person, it stays out.
  await engine.call('video.remove', { videoId: project.videos[0]!.id })
  await engine.call('project.close', {})
  expect((await engine.call('project.openSample', {})).project.videos).toEqual([])
})

test('a project that cannot be opened leaves the one that is open', async () => {
  const { engine, folder } = await engineIn()
  await engine.call('project.create', { fileToken: null, name: 'Kept' })
  const bad = join(folder, 'bad.maskwright')
  writeFileSync(bad, 'nothing of the kind')
  await expect(engine.call('project.open', { fileToken: engine.grant(bad, 'openProject') })).rejects.toThrow()
  expect((await engine.call('object.add', {})).objectId).toBeGreaterThan(0)
  await expect(
    engine.call('project.open', { fileToken: engine.grant(bad, 'exportFolder') }),
  ).rejects.toMatchObject({ code: 'UnknownFile' })
})

test('an unsaved project is saved as a file and leaves the folder of the app', async () => {
  const { engine, folder } = await engineIn()
  const { project } = await engine.call('project.create', { fileToken: null, name: 'Draft' })
  expect(project.fileName).toBeNull()
  await engine.call('object.add', { name: 'thing' })
  const path = join(folder, 'saved.maskwright')
  const saved = await engine.call('project.saveAs', { fileToken: engine.grant(path, 'saveProject') })
  expect(saved.project).toMatchObject({ fileName: 'saved.maskwright', objects: [{ name: 'thing' }] })
  expect(existsSync(join(folder, 'projects', 'Draft.maskwright'))).toBe(false)
  await engine.call('history.undo', {})
  const { recent } = await engine.call('project.recent', {})
  expect(recent.map(({ name, available }) => [name, available])).toEqual([['Draft', true]])
})

test('what is acknowledged while a project is saved elsewhere is in the new file', async () => {
  const { engine, folder } = await engineIn()
  await engine.call('project.create', { fileToken: null, name: 'Draft' })
  const fileToken = engine.grant(join(folder, 'saved.maskwright'), 'saveProject')
  let isSaved = false
  const saving = engine.call('project.saveAs', { fileToken }).finally(() => {
    isSaved = true
  })
  const acknowledged: number[] = []
  while (!isSaved) {
    const added = await engine.call('object.add', {}).catch(() => null)
    if (added !== null) acknowledged.push(added.objectId)
    await setImmediate()
  }
  await saving
  const { project } = await engine.call('project.current', {})
  expect(project?.fileName).toBe('saved.maskwright')
  expect(project?.objects.map(({ id }) => id)).toEqual(expect.arrayContaining(acknowledged))
})

test('a project that cannot be saved elsewhere goes on where it was', async () => {
  const { engine, folder } = await engineIn()
  await engine.call('project.create', { fileToken: null, name: 'Draft' })
  await engine.call('object.add', { name: 'thing' })
  const fileToken = engine.grant(join(folder, 'nowhere', 'saved.maskwright'), 'saveProject')
  await expect(engine.call('project.saveAs', { fileToken })).rejects.toMatchObject({ code: 'ProjectMissing' })
  await engine.call('object.add', { name: 'another' })
  const { project } = await engine.call('project.current', {})
  expect(project).toMatchObject({ name: 'Draft', objects: [{ name: 'thing' }, { name: 'another' }] })
})

test('a film that cannot be opened leaves no project behind', async () => {
  const { engine, folder } = await engineIn()
  const path = join(folder, 'broken.mp4')
  writeFileSync(path, 'no film')
  await expect(engine.hosted.open(path)).rejects.toThrow()
  expect(await engine.call('project.current', {})).toEqual({ project: null })
  expect(await engine.call('project.recent', {})).toEqual({ recent: [] })
  expect(readdirSync(join(folder, 'projects'))).toEqual([])
})

test('a film with signs in its name that no project takes is opened, and again', async () => {
  const { engine, folder } = await engineIn()
  const path = join(folder, 'tab\tand\nline.mp4')
  copyFileSync(clip, path)
  await engine.hosted.open(path)
  const { project } = await engine.call('project.current', {})
  expect(project).toMatchObject({ name: 'tab and line', videos: [{ name: 'tab and line' }] })
  // No undo takes the film away that the project is made around.
  expect(project?.history).toEqual({ undo: null, redo: null })
  await engine.call('project.close', {})
  const { recent } = await engine.call('project.recent', {})
  const opened = await engine.call('project.openRecent', { recentId: recent[0]!.recentId })
  expect(opened).toMatchObject({ notices: [], project: { videos: [{ link: 'linked' }] } })
})

test('models, devices, settings and diagnostics are told', async () => {
  const { engine } = await engineIn()
  const { models } = await engine.call('models.list', {})
  expect(models[0]).toMatchObject({ id: 'nano', state: 'bundled', inUse: true })
  expect(models.length).toBeGreaterThan(8)
  const { devices } = await engine.call('devices.list', { probeAgain: false })
  expect(devices[0]).toMatchObject({ id: 'cpu:0', state: 'works', inUse: true })
  await engine.call('settings.set', { patch: { theme: 'dark' } })
  expect(engine.all('settings.changed').at(-1)?.settings.theme).toBe('dark')
  const { text } = await engine.call('diagnostics.copy', {})
  expect(text).toContain('nano at 256 px')
})
