import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Project } from '../contract/project.ts'
import type { FrameMask, TrackProgress, TrackRequest } from '../contract/tracking.ts'
import { startTestEngine, testDataFolder, type TestEngine } from './engine-fixture.ts'
import { fullRunLength } from './masks/run-length-mask.ts'
import { runLengthBox } from './masks/run-length-measures.ts'
import { runLengthIou, subtractRunLength } from './masks/run-length-sets.ts'

const clip = fileURLToPath(new URL('../../test/fixtures/sample/bottles.mp4', import.meta.url))

async function presentMasks(engine: TestEngine, videoId: number): Promise<FrameMask[]> {
  const span = { first: 0, last: 1_000 }
  const { masks } = await engine.call('masks.get', { videoId, objectIds: null, span, cleaned: false })
  return masks
}

function keysOf(masks: readonly FrameMask[]): string[] {
  return masks.map(({ objectId, frameIndex, mask }) => `${objectId}@${frameIndex}:${mask.counts}`)
}

function framesOf(masks: readonly FrameMask[], objectId: number): number[] {
  return masks.filter((mask) => mask.objectId === objectId).map(({ frameIndex }) => frameIndex)
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}

async function current(engine: TestEngine): Promise<Project> {
  return (await engine.call('project.current', {})).project!
}

/** A project without its revision, its lists by id. */
function inOrder(project: Project): unknown {
  const lists = Object.entries(project).map(([name, value]: [string, unknown]) => [
    name,
    Array.isArray(value)
      ? [...(value as { id: number }[])].sort((a, b) => a.id - b.id)
      : name === 'revision'
        ? null
        : value,
  ])
  return Object.fromEntries(lists)
}

/** Starts a run and waits for its end. */
async function track(engine: TestEngine, request: TrackRequest): Promise<TrackProgress> {
  const ended = engine.next('track.progress', ({ state }) => state !== 'running')
  await engine.call('track.start', request)
  return ended
}

describe('a labelling session on a real clip', () => {
  const data = testDataFolder()
  let engine: TestEngine
  let videoId: number
  let middle: number
  let left: number

  const request = (change: Partial<TrackRequest>): TrackRequest => ({
    videoId,
    objectIds: [middle, left],
    direction: 'both',
    startFrame: null,
    limit: { kind: 'steps', steps: 4 },
    extent: 'all',
    ...change,
  })

  beforeAll(async () => {
    engine = await startTestEngine(data.folder)
    await engine.call('project.create', { fileToken: null, name: 'Bottles' })
    const added = await engine.call('video.add', { fileTokens: [engine.grant(clip, 'addVideo')] })
    videoId = added.videoIds[0]!
    middle = (await engine.call('object.add', { name: 'middle' })).objectId
    left = (await engine.call('object.add', { name: 'left' })).objectId
    await engine.call('view.set', { view: { videoId, frameIndex: 39 } })
  })
  afterAll(async () => {
    await engine.hosted.close()
    expect(engine.defects).toEqual([])
    data.remove()
  })

  test('answers clicks and a box with masks, offers alternatives, says when it encodes', async () => {
    const place = { videoId, objectId: middle, frameIndex: 39 }
    const first = await engine.call('prompt.addPoint', { ...place, x: 315, y: 240, label: 1 })
    expect(first.answer?.alternatives).toHaveLength(3)
    expect(engine.all('image.encoding').map(({ frameIndex, state }) => [frameIndex, state])).toEqual([
      [39, 'encoding'],
      [39, 'encoded'],
    ])
    const other = (first.answer!.chosenAlternative! + 1) % 3
    const chosen = await engine.call('alternatives.choose', { ...place, alternative: other })
    expect(chosen.answer?.chosenAlternative).toBe(other)
    expect(chosen.answer?.mask.areaPx).not.toBe(first.answer?.mask.areaPx)

    // The next point refines the mask that was chosen.
    const refined = await engine.call('prompt.addPoint', { ...place, x: 313, y: 140, label: 1 }, 'refine')
    await engine.call('history.cancelMark', { mark: 'refine' })
    await engine.call('alternatives.choose', {
      ...place,
      alternative: first.answer!.chosenAlternative!,
    })
    const second = await engine.call('prompt.addPoint', { ...place, x: 313, y: 140, label: 1 })
    expect(second.answer?.mask.mask).not.toEqual(refined.answer?.mask.mask)
    const box = runLengthBox(second.answer!.mask.mask)!
    expect(box.leftPx).toBeGreaterThan(270)
    expect(box.leftPx + box.widthPx).toBeLessThan(360)
    const boxed = await engine.call('prompt.setBox', {
      ...place,
      objectId: left,
      box: { left: 54, top: 105, right: 124, bottom: 314 },
    })
    expect(runLengthBox(boxed.answer!.mask.mask)!.leftPx).toBeGreaterThan(45)
    const { encoded, objects } = await engine.call('frame.info', { videoId, frameIndex: 39 })
    expect(encoded).toBe(true)
    expect(objects.map(({ objectId }) => objectId)).toEqual([middle, left])
    expect(await engine.call('frame.view', { ...place, objectId: left })).toEqual({ view: null })
  })

  test('previews the mask under the pointer without storing it', async () => {
    const { revision } = await current(engine)
    const point = { videoId, frameIndex: 39, objectId: null, x: 540, y: 220, label: 1 as const }
    const [overtaken, newest] = await Promise.all([
      engine.call('preview.mask', { ...point, x: 90 }),
      engine.call('preview.mask', point),
    ])
    expect(overtaken.preview).toBeNull()
    expect(runLengthBox(newest.preview!.mask)!.leftPx).toBeGreaterThan(400)
    expect((await current(engine)).revision).toBe(revision)
  })

  test('tracks both ways, stores as it goes, and is one step of the history', async () => {
    const before = keysOf(await presentMasks(engine, videoId))
    const end = await track(engine, request({}))
    expect(end).toMatchObject({ state: 'finished', framesDone: 8, framesTotal: 8 })
    const masks = await presentMasks(engine, videoId)
    for (const objectId of [middle, left]) expect(framesOf(masks, objectId)).toEqual(range(35, 43))
    const told = engine.all('masks.updated').flatMap((update) => update.masks)
    expect(new Set(told.map(({ frameIndex }) => frameIndex))).toEqual(new Set(range(35, 43)))
    // The bottles stand nearly still, so that neighbouring masks are much alike.
    const of = (frameIndex: number) =>
      masks.find((mask) => mask.objectId === left && mask.frameIndex === frameIndex)!
    expect(runLengthIou(of(39).mask, of(43).mask, 0)).toBeGreaterThan(0.7)
    expect(runLengthIou(of(39).mask, of(35).mask, 0)).toBeGreaterThan(0.7)

    await engine.call('history.undo', {})
    expect(keysOf(await presentMasks(engine, videoId))).toEqual(before)
    await engine.call('history.redo', {})
    expect(keysOf(await presentMasks(engine, videoId))).toEqual(keysOf(masks))
  })

  test('pauses and goes on, with clicks answered meanwhile', async () => {
    const started = engine.next('track.progress', ({ frameIndex }) => frameIndex !== null)
    const { run } = await engine.call(
      'track.start',
      request({ direction: 'forward', startFrame: 43, limit: { kind: 'steps', steps: 12 } }),
    )
    await started
    const place = { videoId, objectId: left, frameIndex: 39 }
    const click = await engine.call('prompt.addPoint', { ...place, x: 88, y: 220, label: 1 })
    expect(click.answer).not.toBeNull()
    const paused = await engine.call('track.pause', { runId: run.id })
    expect(paused.run.state).toBe('paused')
    const stored = framesOf(await presentMasks(engine, videoId), middle).at(-1)!
    expect(stored).toBeGreaterThan(43)
    expect(stored).toBeLessThan(55)

    const ended = engine.next('track.progress', ({ state }) => state === 'finished')
    await engine.call('track.resume', { runId: run.id })
    await ended
    const masks = await presentMasks(engine, videoId)
    for (const objectId of [middle, left]) expect(framesOf(masks, objectId)).toEqual(range(35, 55))
  })

  test('corrects a tracked frame and tracks again only as far as the masks change', async () => {
    const before = await presentMasks(engine, videoId)
    const place = { videoId, objectId: middle, frameIndex: 42 }
    const stored = before.find((mask) => mask.objectId === middle && mask.frameIndex === 42)!
    // The same mask again is a correction that changes next to nothing, so that the new masks soon agree.
    const { mask } = stored
    const corrected = await engine.call('prompt.setMask', { ...place, mask, origin: 'brush' })
    expect(corrected.answer?.mask.mask).toEqual(mask)
    const { spans } = await current(engine)
    const stale = spans.filter((span) => span.objectId === middle && span.stale)
    const staleFrames = stale.flatMap(({ first, last }) => range(first, last)).sort((a, b) => a - b)
    expect(staleFrames).toEqual([40, 41, ...range(43, 55)])
    await engine.call('markers.set', { videoId, markers: { inFrame: 30, outFrame: 60 } })
    const end = await track(
      engine,
      request({
        objectIds: [middle],
        startFrame: 42,
        limit: { kind: 'markers' },
        extent: 'untilAgreement',
      }),
    )
    expect(end.state).toBe('finished')
    const after = await current(engine)
    expect(after.spans.filter((span) => span.objectId === middle && span.stale)).toEqual([])
    // Backwards the next keyframe ends it; forwards agreement does, or else the film's end would be far.
    const masks = await presentMasks(engine, videoId)
    expect(framesOf(masks, middle)[0]).toBe(35)
    expect(end.framesDone).toBeLessThan(40)
    for (const frameIndex of [35, 36, 37, 38, 39]) {
      const same = (list: readonly FrameMask[]) =>
        list.find((found) => found.objectId === middle && found.frameIndex === frameIndex)!.mask.counts
      expect(same(masks)).toBe(same(before))
    }
  })

  test('takes a brushed mask as it was drawn, and gives the same answers again after undo and redo', async () => {
    const place = { videoId, objectId: left, frameIndex: 37 }
    const [heightPx, widthPx] = [360, 640]
    const masks = await presentMasks(engine, videoId)
    const tracked = masks.find((mask) => mask.objectId === left && mask.frameIndex === 37)!.mask
    const drawn = subtractRunLength(fullRunLength(heightPx, widthPx), tracked)
    await engine.call('prompt.setMask', { ...place, mask: drawn, origin: 'lasso' })
    const point = await engine.call('prompt.addPoint', { ...place, x: 90, y: 200, label: 1 })
    await engine.call('history.undo', {})
    const undone = await presentMasks(engine, videoId)
    expect(undone.find((mask) => mask.objectId === left && mask.frameIndex === 37)!.mask).toEqual(drawn)
    await engine.call('history.undo', {})
    expect(keysOf(await presentMasks(engine, videoId))).toEqual(keysOf(masks))
    const again = await engine.call('prompt.addPoint', { ...place, x: 90, y: 200, label: 1 })
    expect(again.answer?.mask.mask).toEqual(point.answer?.mask.mask)
  })

  test('an object that is said to be absent gets empty masks, a locked one none', async () => {
    const span = { first: 57, last: 58 }
    await engine.call('presence.set', { videoId, objectId: left, span, presence: 'absent' })
    await engine.call('object.setLock', { objectIds: [middle], locked: true })
    await expect(engine.call('track.start', request({}))).rejects.toThrow('locked')
    const limit = { kind: 'frame', frameIndex: 59 } as const
    await track(engine, request({ objectIds: [left], direction: 'forward', startFrame: 55, limit }))
    const summary = await engine.call('timeline.summary', {
      videoId,
      objectIds: [left],
      span: { first: 54, last: 60 },
      bucketCount: 100,
    })
    expect(summary.lanes[0]?.spans).toEqual([
      { first: 54, last: 56, state: 'tracked' },
      { first: 57, last: 58, state: 'absent' },
      { first: 59, last: 59, state: 'tracked' },
    ])
    await engine.call('object.setLock', { objectIds: [middle], locked: false })
  })

  test('estimates a run by what was measured', async () => {
    const estimate = await engine.call('track.estimate', request({ limit: { kind: 'end' } }))
    expect(estimate.basis).toBe('measured')
    expect(estimate.frames).toBeGreaterThan(100)
    expect(estimate.fitsInMemory).toBe(true)
  })

  test('everything is there when the project is open again, and all of it can be undone', async () => {
    const before = await current(engine)
    const masks = keysOf(await presentMasks(engine, videoId))
    await engine.hosted.close()
    engine = await startTestEngine(data.folder)
    await engine.hosted.open(join(data.folder, 'projects', 'Bottles.maskwright'))
    const after = await current(engine)
    expect(inOrder(after)).toEqual(inOrder(before))
    expect(keysOf(await presentMasks(engine, videoId))).toEqual(masks)

    const { steps } = await engine.call('history.list', { limit: 1_000 })
    const done = steps.filter(({ undone }) => !undone).length
    for (let step = 0; step < done; step++) await engine.call('history.undo', {})
    expect(await presentMasks(engine, videoId)).toEqual([])
    expect((await current(engine)).objects).toEqual([])
    for (let step = 0; step < done; step++) await engine.call('history.redo', {})
    expect(keysOf(await presentMasks(engine, videoId))).toEqual(masks)
    const { alternatives } = await engine.call('alternatives.list', {
      ...{ videoId, objectId: left, frameIndex: 37 },
    })
    expect(alternatives).toHaveLength(3)
  })

  test('gives frames as pictures, whole and small', async () => {
    const { videos } = await current(engine)
    const { contentId, widthPx } = videos[0]!
    const address = { videoId, frameIndex: 39, contentId }
    const { signal } = new AbortController()
    const whole = await engine.hosted.picture({ ...address, widthPx: null, format: 'png' }, signal)
    expect(await sharp(whole.bytes).metadata()).toMatchObject({ format: 'png', width: widthPx })
    const small = await engine.hosted.picture({ ...address, widthPx: 160, format: 'jpeg' }, signal)
    expect(await sharp(small.bytes).metadata()).toMatchObject({ format: 'jpeg', width: 160, height: 90 })
    const gone = new AbortController()
    const cancelled = engine.hosted.picture(
      { ...address, frameIndex: 200, widthPx: 161, format: 'jpeg' },
      gone.signal,
    )
    gone.abort()
    await expect(cancelled).rejects.toThrow()
    await expect(
      engine.hosted.picture({ ...address, contentId: '0'.repeat(32), widthPx: null, format: 'png' }, signal),
    ).rejects.toMatchObject({ code: 'OtherContent' })
    const times = await engine.call('video.presentationTimes', { videoId, span: { first: 0, last: 9 } })
    expect(times.times).toHaveLength(10)
  })
})
