import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { parseCarryArguments, type CarryArguments } from '../electron/cli/carry-arguments.ts'
import { carry as carryCommand } from '../electron/cli/carry-command.ts'
import type { CarryProgress } from '../electron/contract/carry.ts'
import { startTestEngine, testDataFolder, type TestEngine } from '../electron/engine/engine-fixture.ts'
import { copyProject, createProject } from '../electron/engine/project/create-project.ts'
import { setObjectLock } from '../electron/engine/project/edits/object-edits.ts'
import { openProject } from '../electron/engine/project/open-project.ts'
import type { ProjectStore } from '../electron/engine/project/project-store.ts'
import { runLengthBox } from '../electron/engine/masks/run-length-measures.ts'
import { mountSmallDisk } from './awkward-folders.ts'
import { makeClip, maskwright } from './command-line.ts'

const run = promisify(execFile)
const sample = 'test/fixtures/sample/bottles.mp4'
const data = testDataFolder()
const source = join(data.folder, 'source.mp4')
const target = join(data.folder, 'target.mp4')
const without = join(data.folder, 'without.mp4')
const fresh = join(data.folder, 'fresh.mp4')
const freshCopy = join(data.folder, 'fresh-copy.mp4')
const projectPath = join(data.folder, 'bottles.maskwright')
let engine: TestEngine
let videoIds: number[]
let objectId: number

/** A few frames of the sample from a moment on, as a film of its own. */
async function cut(path: string, seconds: number, frames: number, filter = 'null'): Promise<void> {
  const output = ['-an', '-vf', filter, '-c:v', 'libx264', '-crf', '18', '-frames:v', String(frames), path]
  await run('ffmpeg', ['-v', 'error', '-y', '-ss', String(seconds), '-i', sample, ...output])
}

/** Searches videos and waits for the end. */
async function carry(videoIds: number[]): Promise<CarryProgress> {
  const ended = engine.next('carry.progress', ({ state }) => state !== 'waiting' && state !== 'running')
  await engine.call('carry.start', { objectIds: [objectId], videoIds })
  return ended
}

async function maskedFrames(videoId: number): Promise<number[]> {
  const span = { first: 0, last: 100 }
  const { masks } = await engine.call('masks.get', { videoId, objectIds: null, span, cleaned: false })
  return masks.map(({ frameIndex }) => frameIndex)
}

beforeAll(async () => {
  await Promise.all([
    cut(source, 1.1, 8),
    cut(target, 31.6, 8),
    makeClip(without, { size: '640x360', frames: 8 }),
  ])
  ;(await createProject(projectPath, { name: 'Bottles' })).close()
  engine = await startTestEngine(data.folder)
  await engine.call('project.open', { fileToken: engine.grant(projectPath, 'openProject') })
  const fileTokens = [source, target, without].map((path) => engine.grant(path, 'addVideo'))
  ;({ videoIds } = await engine.call('video.add', { fileTokens }))
  ;({ objectId } = await engine.call('object.add', { name: 'bottle' }))
  const place = { videoId: videoIds[0]!, objectId, frameIndex: 5 }
  await engine.call('prompt.setBox', { ...place, box: { left: 285, top: 105, right: 347, bottom: 314 } })
})
afterAll(async () => {
  await engine.hosted.close()
  data.remove()
})

test('finds an object in another video, tracks it when it is accepted, and takes it all back', async () => {
  const [, there, nowhere] = videoIds as [number, number, number]
  const found = await carry([there, nowhere])
  expect(found).toMatchObject({ state: 'finished', failure: null, framesDone: 2, framesTotal: 2 })
  const sure = found.hits.filter(({ confidence }) => confidence >= 0.5)
  expect(sure.map(({ videoId }) => videoId)).toEqual([there])
  const box = runLengthBox(sure[0]!.mask)!
  expect(box.widthPx).toBeLessThan(120)
  // Nothing is in the project before a hit is accepted.
  expect(await maskedFrames(there)).toEqual([])

  const ended = engine.next('track.progress', ({ state }) => state === 'finished')
  const { runIds } = await engine.call('carry.accept', {
    carryId: found.carryId,
    hitIds: sure.map(({ hitId }) => hitId),
  })
  expect(runIds).toHaveLength(1)
  expect((await ended).runId).toBe(runIds[0])
  expect(await maskedFrames(there)).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  const { project } = await engine.call('project.current', {})
  const origins = project!.versions.filter(({ videoId }) => videoId === there).map(({ origin }) => origin)
  expect(origins).toEqual(['carry', 'track'])
  expect(project!.prompts.find(({ videoId }) => videoId === there)).toMatchObject({
    kind: 'mask',
    origin: 'carry',
  })

  await engine.call('history.undo', {})
  await engine.call('history.undo', {})
  expect(await maskedFrames(there)).toEqual([])
})

test('refuses an object that no other video shows', async () => {
  await expect(carry([videoIds[0]!])).rejects.toMatchObject({ code: 'nothing-to-track' })
})

test('carries on the command line, and in a dry run changes nothing', async () => {
  await engine.call('project.close', {})
  const args = ['carry', projectPath, '--to', target, without, '--size', '256']
  const dry = await maskwright(...args, '--dry-run')
  expect(dry.code, dry.errors).toBe(0)
  expect(dry.output).toMatch(/target: bottle on frame \d, confidence 0\.\d\d, taken/)
  const wet = await maskwright(...args)
  expect(wet.code, wet.errors).toBe(0)
  expect(wet.output).toContain('target: 7 frames tracked')

  await engine.call('project.open', { fileToken: engine.grant(projectPath, 'openProject') })
  expect(await maskedFrames(videoIds[1]!)).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  expect(await maskedFrames(videoIds[2]!)).toEqual([])
})

describe('in the project', () => {
  /** The command in this process, with what it says. */
  async function carryTo(
    videos: string[],
    change: Partial<CarryArguments> = {},
    stop = new AbortController(),
  ) {
    const said: string[] = []
    const args = {
      ...parseCarryArguments([projectPath, '--to', videos[0]!, '--size', '256']),
      videos,
      ...change,
    }
    const code = await carryCommand(args, { say: (line) => said.push(line), stop: stop.signal })
    return { code, said: said.join('\n') }
  }

  async function inProject<Value>(look: (store: ProjectStore) => Value): Promise<Value> {
    const store = await openProject(projectPath)
    try {
      return look(store)
    } finally {
      store.close()
    }
  }

  const state = () =>
    inProject(({ revision, records }) => ({ revision, videos: [...records.all('videos')].length }))

  beforeAll(async () => {
    await engine.call('object.add', { name: 'unseen' })
    await engine.call('project.close', {})
    await cut(fresh, 32, 6)
    await copyFile(fresh, freshCopy)
  })

  test('nothing changes where it is refused or stopped', async () => {
    const before = await state()
    const refusals: [Partial<CarryArguments>, RegExp][] = [
      [{ objects: ['cup'] }, /no object named "cup"/],
      [{ objects: ['unseen'] }, /unseen has no mask/],
      [{ model: 'nope' }, /no file named "nope"/],
      [{ videos: [fresh, 'nowhere.mp4'] }, /neither a file nor a video/],
    ]
    for (const [change, sentence] of refusals)
      await expect(carryTo([fresh], change)).rejects.toThrow(sentence)
    const stop = new AbortController()
    stop.abort()
    await expect(carryTo([fresh], {}, stop)).rejects.toThrow(/abort/i)
    expect(await state()).toEqual(before)
  })

  test('locked objects are said to be locked', async () => {
    await inProject((store) => setObjectLock(store, [objectId], true))
    await expect(carryTo([fresh])).rejects.toThrow('are locked: bottle')
    await expect(carryTo([fresh], { objects: ['bottle'] })).rejects.toThrow('bottle is locked')
    await inProject((store) => setObjectLock(store, [objectId], false))
  })

  test('more videos than a project holds are refused before one is opened', async () => {
    const many = Array.from({ length: 1_000 }, (_, index) => join(data.folder, `empty-${String(index)}.mp4`))
    await Promise.all(many.map((path) => writeFile(path, '')))
    await expect(carryTo(many)).rejects.toThrow('A project holds 1000 videos at most')
  })

  test('a dry run reads a project that cannot be written to, and leaves no copy', async (context) => {
    const disk = await mountSmallDisk({ kilobytes: 4_096 })
    if (!disk) return context.skip()
    const temporary = join(data.folder, 'temporary')
    await mkdir(temporary)
    vi.stubEnv('TMPDIR', temporary)
    try {
      const copied = join(disk.path, 'read-only.maskwright')
      const store = await openProject(projectPath)
      await copyProject(store, copied, false)
      store.close()
      await run('mount', ['-o', 'remount,ro', disk.path])
      const { said } = await carryTo([fresh], { projectPath: copied, dryRun: true })
      expect(said).toMatch(/fresh: bottle on frame \d, confidence 0\.\d\d, taken/)
      expect((await readdir(temporary)).filter((name) => name.startsWith('maskwright'))).toEqual([])
    } finally {
      vi.unstubAllEnvs()
      await disk.unmount()
    }
  })

  test('says of each video what was not found, and leaves those outside the project that got nothing', async () => {
    const before = await state()
    const plain = join(data.folder, 'plain.mp4')
    await makeClip(plain, { size: '640x360', frames: 4 })
    const nothing = await carryTo([plain, target])
    expect(nothing).toEqual({
      code: 0,
      said: [
        'plain: nothing like bottle was found',
        'target: bottle is labelled there already',
        'Nothing was carried over; the project is as it was.',
      ].join('\n'),
    })
    expect(await state()).toEqual(before)
  })

  test('--min-confidence takes what is else no hit at all', async () => {
    const dim = join(data.folder, 'dim.mp4')
    await cut(dim, 24, 4, 'gblur=8')
    expect((await carryTo([dim], { dryRun: true })).said).toBe('dim: nothing like bottle was found')
    const { said } = await carryTo([dim], { dryRun: true, minConfidence: 0 })
    expect(said).toMatch(
      /^dim: bottle on frame 2, confidence 0\.[01]\d, taken\nConfidence of at least 0: 1 of 1/,
    )
  })

  test('tracks as it is told to', async () => {
    /** The object and then something else, as one film with a cut. */
    const film = async (name: string, frames: number): Promise<string> => {
      const [seen, plain, path] = ['-seen', '-plain', ''].map((part) =>
        join(data.folder, `${name}${part}.mp4`),
      )
      await cut(seen!, 36, frames)
      await makeClip(plain!, { size: '640x360', frames: 6 })
      const joined = ['-filter_complex', '[0:v]fps=25[a];[1:v]fps=25[b];[a][b]concat', '-an', path!]
      await run('ffmpeg', ['-v', 'error', '-y', '-i', seen!, '-i', plain!, ...joined])
      return path!
    }
    const shotsOf = (name: string) =>
      inProject(({ records }) => {
        const { id } = [...records.all('videos')].find((video) => video.name === name)!
        return [...records.all('shots')].filter(({ videoId }) => videoId === id).length
      })
    const { tracking } = parseCarryArguments([projectPath, '--to', target, '--shots', 'off'])
    await carryTo([await film('off', 10)], { tracking })
    await carryTo([await film('on', 11)])
    expect([await shotsOf('off'), await shotsOf('on')]).toEqual([0, 1])
  })

  test('what is named twice is searched, added and tracked once', async () => {
    const before = await state()
    const { code, said } = await carryTo([fresh, fresh, freshCopy], { objects: ['bottle', 'bottle'] })
    expect(code, said).toBe(0)
    expect(said).toContain('Confidence of at least 0.5: 1 of 1 hits.')
    expect(said).toContain('fresh: 5 frames tracked')
    expect(await state()).toMatchObject({ videos: before.videos + 1 })
  })
})
