import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { TrackRequest } from '../../contract/tracking.ts'
import { addPoint } from '../project/edits/prompt-edits.ts'
import { setPromptAnswer } from '../project/edits/mask-edits.ts'
import { setObjectLock } from '../project/edits/object-edits.ts'
import { appendTrackedMasks, startRun } from '../project/edits/run-edits.ts'
import { setMarkers } from '../project/edits/video-edits.ts'
import type { ProjectStore } from '../project/project-store.ts'
import { maskOfArea, projectWith, scores, testFolder } from '../project/store-fixture.ts'
import { framesOf, planRun } from './run-plan.ts'

let cleanUps: (() => void)[] = []
afterEach(() => {
  for (const cleanUp of cleanUps) cleanUp()
  cleanUps = []
})

async function project() {
  const { folder, remove } = testFolder()
  const made = await projectWith(join(folder, 'plan.maskwright'), { frameCount: 100, objects: 2 })
  cleanUps.push(() => {
    made.store.close()
    remove()
  })
  return made
}

/** Prompts an object on a frame and stores its mask. */
function keyframe(store: ProjectStore, videoId: number, objectId: number, frameIndex: number): void {
  const place = { videoId, objectId, frameIndex }
  const mark = `key-${objectId}-${frameIndex}`
  addPoint(store, place, { x: 1, y: 1, label: 1 }, mark)
  setPromptAnswer(store, place, { mask: maskOfArea(5), scores: scores(0.9), model: 'test' }, mark)
}

function request(videoId: number, objectIds: number[], change: Partial<TrackRequest>): TrackRequest {
  return {
    ...{ videoId, objectIds, direction: 'both', startFrame: null, limit: { kind: 'end' }, extent: 'all' },
    ...change,
  } as TrackRequest
}

test('each object starts beyond its keyframe nearest to the playhead', async () => {
  const { store, videoId, objectIds } = await project()
  const [a, b] = objectIds as [number, number]
  keyframe(store, videoId, a, 10)
  keyframe(store, videoId, a, 60)
  keyframe(store, videoId, b, 50)
  store.setView({ videoId, frameIndex: 58 })
  const { legs, frameCount } = planRun(store, request(videoId, [a, b], {}), null)
  expect(legs.map(({ reverse, next, last }) => [reverse, [...next.values()], last])).toEqual([
    [false, [61, 51], 99],
    [true, [59, 49], 0],
  ])
  expect(legs.map(framesOf)).toEqual([
    { first: 51, count: 49 },
    { first: 59, count: 60 },
  ])
  expect(frameCount).toBe(109)
})

test('limits: markers, steps, a frame', async () => {
  const { store, videoId, objectIds } = await project()
  const [a] = objectIds as [number]
  keyframe(store, videoId, a, 50)
  setMarkers(store, videoId, { inFrame: 40, outFrame: 70 })
  const lasts = (change: Partial<TrackRequest>) =>
    planRun(store, request(videoId, [a], change), null).legs.map(({ last }) => last)
  expect(lasts({ limit: { kind: 'markers' } })).toEqual([70, 40])
  expect(lasts({ limit: { kind: 'steps', steps: 3 } })).toEqual([53, 47])
  expect(lasts({ limit: { kind: 'frame', frameIndex: 500 }, direction: 'forward' })).toEqual([99])
  expect(lasts({ limit: { kind: 'steps', steps: 400 }, direction: 'backward' })).toEqual([0])
})

test('goes on where a run stopped, whatever the playhead says', async () => {
  const { store, videoId, objectIds } = await project()
  const [a] = objectIds as [number]
  keyframe(store, videoId, a, 50)
  const { run } = startRun(store, {
    request: request(videoId, [a], { startFrame: 50, limit: { kind: 'steps', steps: 5 } }),
    model: 'test',
    framesTotal: 10,
  })
  const mask = (frameIndex: number) => ({
    ...{ objectId: a, frameIndex, mask: maskOfArea(4), scores: scores(0.8) },
  })
  appendTrackedMasks(store, run.id, [51, 52, 53].map(mask), 3)
  store.setView({ videoId, frameIndex: 0 })
  const halfway = planRun(store, run.request, run)
  expect(halfway.legs.map(({ next, last }) => [next.get(a), last])).toEqual([
    [54, 55],
    [49, 45],
  ])
  appendTrackedMasks(store, run.id, [54, 55, 49, 48].map(mask), 7)
  const { legs, frameCount } = planRun(store, run.request, run)
  expect(legs.map(framesOf)).toEqual([
    { first: 55, count: 0 },
    { first: 47, count: 3 },
  ])
  expect(frameCount).toBe(3)
})

test('a correction goes no further than the tracks around it', async () => {
  const { store, videoId, objectIds } = await project()
  const [a] = objectIds as [number]
  keyframe(store, videoId, a, 50)
  const correction = request(videoId, [a], { startFrame: 55, extent: 'untilAgreement' })
  expect(() => planRun(store, { ...correction, startFrame: 50 }, null)).toThrow('no track beside')
  const { run } = startRun(store, { request: request(videoId, [a], {}), model: 'test', framesTotal: 20 })
  const tracked = [...Array.from({ length: 20 }, (_, index) => 45 + index), 80].filter(
    (index) => index !== 50,
  )
  const masks = tracked.map((frameIndex) => ({
    ...{ objectId: a, frameIndex, mask: maskOfArea(4), scores: scores(0.8) },
  }))
  appendTrackedMasks(store, run.id, masks, 20)
  keyframe(store, videoId, a, 55)
  expect(planRun(store, correction, null).legs.map(({ last }) => last)).toEqual([64, 45])
  const limited = { ...correction, limit: { kind: 'frame', frameIndex: 60 } } as TrackRequest
  expect(planRun(store, { ...limited, direction: 'forward' }, null).legs.map(({ last }) => last)).toEqual([
    60,
  ])
})

test('refuses objects that are locked, gone or never prompted', async () => {
  const { store, videoId, objectIds } = await project()
  const [a, b] = objectIds as [number, number]
  keyframe(store, videoId, a, 50)
  expect(() => planRun(store, request(videoId, [a, b], {}), null)).toThrow('no prompts')
  expect(() => planRun(store, request(videoId, [a, 9_999], {}), null)).toThrow('not in the project')
  setObjectLock(store, [a], true)
  expect(() => planRun(store, request(videoId, [a], {}), null)).toThrow('locked')
})
