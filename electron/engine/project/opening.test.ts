import { execFileSync, fork } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { copyProject, createProject } from './create-project.ts'
import { ProjectDatabase } from './database.ts'
import { addObject, deleteObjects, renameObject } from './edits/object-edits.ts'
import { appendTrackedMasks, runCoverage, startRun, updateRun } from './edits/run-edits.ts'
import { addVideos, relinkVideo } from './edits/video-edits.ts'
import { migrateProject } from './migrations.ts'
import { openProject } from './open-project.ts'
import {
  InvalidEditError,
  NotAProjectError,
  ProjectClosedError,
  ProjectDamagedError,
  ProjectExistsError,
  ProjectInUseError,
  ProjectMissingError,
  ProjectMovedError,
  UnkeepableRecordError,
  ProjectNameTooLongError,
} from './project-errors.ts'
import { labelledContents } from './store-contents.ts'
import { COLOURS, maskOfArea, projectWith, scores, testFolder, videoFile } from './store-fixture.ts'
import { contentIdOf, fingerprintVideo } from './video-fingerprint.ts'
import { storedPath } from './video-location.ts'

let folder: string
let remove: () => void
beforeEach(() => {
  ;({ folder, remove } = testFolder())
})
afterEach(() => {
  remove()
})

test('a project that is open here cannot be opened again, nor replaced, and stays locked by the attempt', async () => {
  const path = join(folder, 'film.maskwright')
  const { store } = await projectWith(path, { frameCount: 10, objects: 1 })
  await expect(openProject(path)).rejects.toThrow(ProjectInUseError)
  await expect(openProject(join(folder, '.', 'film.maskwright'))).rejects.toThrow(ProjectInUseError)
  await expect(createProject(path, { name: 'Other', overwrite: true })).rejects.toThrow(ProjectInUseError)
  expect(() => ProjectDatabase.open(path)).toThrow(ProjectInUseError)
  addObject(store, {}, COLOURS)
  store.close()
  expect(() => addObject(store, {}, COLOURS)).toThrow(ProjectClosedError)
  const again = await openProject(path)
  expect(again.project().objects.length).toBe(2)
  again.close()
  expect(readdirSync(folder)).toEqual(['film.maskwright'])
})

test.skipIf(process.platform === 'win32')('a pipe is no project, and is not waited for', async () => {
  const pipe = join(folder, 'pipe.maskwright')
  execFileSync('mkfifo', [pipe])
  await expect(openProject(pipe)).rejects.toThrow(NotAProjectError)
})

test('a name that is too long for the disk is refused in words', async () => {
  const path = join(folder, `${'é'.repeat(125)}.maskwright`)
  await expect(createProject(path, { name: 'Long' })).rejects.toThrow(ProjectNameTooLongError)
  expect(readdirSync(folder)).toEqual([])
})

test('an edit is refused while the open file is moved away, deleted or replaced, and goes on when it is back', async () => {
  const path = join(folder, 'film.maskwright')
  const { store } = await projectWith(path, { frameCount: 10, objects: 1 })
  const aside = join(folder, 'aside')
  renameSync(path, aside)
  expect(() => addObject(store, {}, COLOURS)).toThrow(ProjectMovedError)
  copyFileSync(aside, path)
  expect(() => addObject(store, {}, COLOURS)).toThrow(ProjectMovedError)
  expect(store.project().objects.length).toBe(1)
  renameSync(aside, path)
  addObject(store, {}, COLOURS)
  store.close()
  const again = await openProject(path)
  expect([again.notices, again.project().objects.length]).toEqual([[], 2])
  again.close()
})

test('an edit is refused when the open file was cut short, and what is whole is kept', async () => {
  const path = join(folder, 'film.maskwright')
  const { store } = await projectWith(path, { frameCount: 10, objects: 3 })
  truncateSync(path, statSync(path).size - 1)
  expect(() => addObject(store, {}, COLOURS)).toThrow(ProjectDamagedError)
  expect(store.project().objects.length).toBe(3)
  store.close()
  const again = await openProject(path)
  expect(again.notices.join(' ')).toMatch(/damaged/i)
  again.close()
})

test('a project that another process has open is refused until that process is gone, however it goes', async () => {
  const path = join(folder, 'film.maskwright')
  const { store } = await projectWith(path, { frameCount: 10, objects: 1 })
  store.close()
  const script = fileURLToPath(new URL('./crash-child.ts', import.meta.url))
  const child = fork(script, { execArgv: ['--import', 'tsx'] })
  const opened = new Promise((resolve) => child.once('message', resolve))
  child.send({ path, edits: [] })
  expect(await opened).toEqual({ opened: true })
  await expect(openProject(path)).rejects.toThrow(ProjectInUseError)
  await expect(createProject(path, { name: 'Other', overwrite: true })).rejects.toThrow(ProjectInUseError)
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await gone
  const again = await openProject(path)
  expect(again.notices).toEqual([])
  again.close()
})

test('a project is made whole or not at all, and never in place of another unless asked', async () => {
  const path = join(folder, 'film.maskwright')
  writeFileSync(path, 'something else')
  await expect(createProject(path, { name: 'Film' })).rejects.toThrow(ProjectExistsError)
  expect(readFileSync(path, 'utf8')).toBe('something else')
  const store = await createProject(path, { name: 'Film', overwrite: true })
  expect(store.project()).toMatchObject({
    name: 'Film',
    fileName: 'film.maskwright',
    objects: [],
    revision: 0,
  })
  store.close()
  await expect(createProject(join(folder, 'no', 'film.maskwright'), { name: 'Film' })).rejects.toThrow(
    ProjectMissingError,
  )
  await expect(openProject(join(folder, 'other.maskwright'))).rejects.toThrow(ProjectMissingError)
  expect(readdirSync(folder)).toEqual(['film.maskwright'])
})

test('a copy holds everything, history included, and finds its videos from where it lies', async () => {
  const path = join(folder, 'film.maskwright')
  const clip = join(folder, 'clip.mp4')
  writeFileSync(clip, 'not really a film')
  const fingerprint = await fingerprintVideo(clip)
  const store = await createProject(path, { name: 'Film' })
  const file = { ...videoFile(10), fingerprint, contentId: contentIdOf(fingerprint) }
  addVideos(store, [{ name: 'clip', file: { ...file, relativePath: storedPath(folder, clip) } }])
  const { objectId } = addObject(store, {}, COLOURS)
  renameObject(store, objectId, 'ball')
  mkdirSync(join(folder, 'copies'))
  const copyPath = join(folder, 'copies', 'copy.maskwright')
  await copyProject(store, copyPath, false)
  await expect(copyProject(store, copyPath, false)).rejects.toThrow(ProjectExistsError)

  const copy = await openProject(copyPath)
  expect(labelledContents(copy)).toEqual(labelledContents(store))
  expect(copy.project().projectId).toBe(store.project().projectId)
  expect(copy.project().videos[0]).toMatchObject({ location: '../clip.mp4', link: 'linked' })
  copy.undo()
  expect(copy.project().objects[0]!.name).not.toBe('ball')
  copy.close()

  renameObject(store, objectId, 'still locked')
  store.close()
})

test('videos are found where they lie, told apart from others, and found again beside the project', async () => {
  const path = join(folder, 'film.maskwright')
  mkdirSync(join(folder, 'films'))
  const clip = join(folder, 'films', 'clip.mp4')
  writeFileSync(clip, Buffer.alloc(3_000_000, 7))
  const fingerprint = await fingerprintVideo(clip)
  const store = await createProject(path, { name: 'Film' })
  const file = { ...videoFile(10), fingerprint, relativePath: storedPath(folder, clip) }
  expect(file.relativePath).toBe('films/clip.mp4')
  const { videoIds } = addVideos(store, [{ name: 'clip', file }])
  expect(store.project().videos[0]!.link).toBe('linked')
  expect(() => relinkVideo(store, videoIds[0]!, { ...file, frameCount: 11 })).toThrow(InvalidEditError)
  store.close()

  const linkNow = async () => {
    const opened = await openProject(path)
    const { link } = opened.project().videos[0]!
    opened.close()
    return link
  }
  expect(await linkNow()).toBe('linked')
  const bytes = readFileSync(clip)
  bytes[1_500_000] = 8
  renameSync(clip, join(folder, 'films', 'kept.mp4'))
  expect(await linkNow()).toBe('missing')
  writeFileSync(clip, bytes)
  expect(await linkNow()).toBe('changed')
  copyFileSync(join(folder, 'films', 'kept.mp4'), join(folder, 'clip.mp4'))
  expect(await linkNow()).toBe('linked')
})

test('a folder of pictures is told again by names, sizes and samples', async () => {
  const pictures = join(folder, 'pictures')
  mkdirSync(pictures)
  for (let i = 0; i < 5; i++) writeFileSync(join(pictures, `${String(i)}.png`), `picture ${String(i)}`)
  const before = await fingerprintVideo(pictures)
  expect(await fingerprintVideo(pictures)).toEqual(before)
  writeFileSync(join(pictures, '2.png'), 'picture !')
  expect(await fingerprintVideo(pictures)).not.toEqual(before)
})

test('a run that was under way when the app ended can be resumed where its masks end', async () => {
  const path = join(folder, 'film.maskwright')
  const { store, videoId, objectIds } = await projectWith(path, { frameCount: 10, objects: 1 })
  const request = {
    videoId,
    objectIds,
    direction: 'forward',
    startFrame: 2,
    limit: { kind: 'end' },
    extent: 'all',
  } as const
  const { run } = startRun(store, { request, model: 'nano', framesTotal: 8 })
  updateRun(store, run.id, { state: 'running' })
  const batch = (frames: number[]) =>
    frames.map((frameIndex) => ({
      objectId: objectIds[0]!,
      frameIndex,
      mask: maskOfArea(frameIndex),
      scores: scores(0.9),
    }))
  appendTrackedMasks(store, run.id, batch([2, 3]), 2)
  store.close()
  const resumed = await openProject(path)
  expect(resumed.project().runs).toEqual([{ ...run, state: 'interrupted', framesDone: 2 }])
  expect(runCoverage(resumed, run.id)).toMatchObject([
    { objectId: objectIds[0], first: 2, last: 3, frameCount: 2 },
  ])
  appendTrackedMasks(resumed, run.id, batch([4, 5]), 4)
  expect(resumed.project().spans).toMatchObject([{ first: 2, last: 5 }])
  expect(resumed.undo()?.action).toBe('track.start')
  expect(resumed.project().spans).toEqual([])
  expect(resumed.project().runs[0]!.state).toBe('cancelled')
  resumed.redo()
  expect(resumed.project().spans).toMatchObject([{ first: 2, last: 5 }])
  resumed.close()
})

test('an older file is brought forward in one piece, with the file as it was kept beside it', async () => {
  const path = join(folder, 'film.maskwright')
  const { store } = await projectWith(path, { frameCount: 10, objects: 1 })
  store.close()
  const before = readFileSync(path)
  const rename = (name: string) => (database: ProjectDatabase) => {
    database.run("UPDATE meta SET name = ? WHERE name = 'projectId'", name)
  }
  const steps = [
    { to: 2, run: rename('second') },
    {
      to: 3,
      run: () => {
        throw new Error('a mistake in a migration')
      },
    },
  ]
  await expect(migrateProject(path, 1, { steps, toVersion: 3 })).rejects.toThrow('a mistake')
  expect(readFileSync(path).subarray(100).equals(before.subarray(100))).toBe(true)

  const backup = await migrateProject(path, 1, { steps: steps.slice(0, 1), toVersion: 2 })
  expect(backup).toBe(join(folder, 'film.version-1-2.maskwright'))
  expect(existsSync(join(folder, 'film.version-1.maskwright'))).toBe(true)
  const database = ProjectDatabase.open(path)
  expect(database.row('PRAGMA user_version')).toEqual([2])
  expect(database.row('SELECT name FROM meta WHERE id = 1')).toEqual(['second'])
  database.close()
})

test('a step about a text that was cut within a character does not make the file a damaged one', async () => {
  const path = join(folder, 'test.maskwright')
  const store = await createProject(path, { name: 'Test' })
  // Together with the comma the list of names is cut in the middle of a sign.
  const ids = ['a', '😀'.repeat(100)].map((name) => addObject(store, { name }, COLOURS).objectId)
  deleteObjects(store, ids)
  store.close()
  const again = await openProject(path)
  expect(again.notices).toEqual([])
  again.undo()
  expect([...again.records.all('objects')].map(({ id }) => id)).toEqual(ids)
  again.close()
})

test('what would be read as damage is not written', async () => {
  const { store } = await projectWith(join(folder, 'test.maskwright'), { frameCount: 3, objects: 1 })
  const before = store.project()
  expect(() => addVideos(store, [{ name: 'tab\tname', file: videoFile(3) }])).toThrow(UnkeepableRecordError)
  expect(() => addVideos(store, [{ name: 'wide', file: { ...videoFile(3), widthPx: 40_000 } }])).toThrow(
    UnkeepableRecordError,
  )
  expect(store.project()).toEqual(before)
  store.close()
})
