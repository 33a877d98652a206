import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { addMasks } from './edits/mask-edits.ts'
import { setPresence } from './edits/presence-edits.ts'
import type { ProjectStore } from './project-store.ts'
import { maskOfArea, projectWith, scores, testFolder } from './store-fixture.ts'
import { readNextSuspect } from './suspects.ts'
import { readTimeline } from './timeline-reader.ts'

const FRAMES = 32
const THRESHOLD = 0.5
let store: ProjectStore
let videoId: number
let first: number
let second: number
let remove: () => void

beforeEach(async () => {
  const made = testFolder()
  remove = made.remove
  const project = await projectWith(join(made.folder, 'film.maskwright'), { frameCount: FRAMES, objects: 2 })
  ;({ store, videoId } = project)
  ;[first, second] = project.objectIds as [number, number]
  addScored(first, [3, 4, 5, 10, 20, 21])
  addScored(second, [5, 6, 10, 29])
})
afterEach(() => {
  store.close()
  remove()
})

function addScored(objectId: number, suspectFrames: readonly number[]): void {
  const masks = Array.from({ length: FRAMES }, (_, frameIndex) => ({
    ...{ objectId, frameIndex, mask: maskOfArea(10) },
    scores: scores(0.9, suspectFrames.includes(frameIndex) ? 0.8 : 0.1),
  }))
  // In two parts, that meet within a stretch.
  for (const part of [masks.slice(0, 4), masks.slice(4)])
    addMasks(store, { videoId, origin: 'import', model: null }, part, crypto.randomUUID())
}

function timeline(range: { first: number; last: number }) {
  const options = { bucketCount: 1, suspicionThreshold: THRESHOLD }
  return readTimeline(store, { videoId, objectIds: null, ...range }, options)
}

/** All stops from a place to the film's end or beginning, as frame and object. */
function walk(
  direction: 'forward' | 'backward',
  fromFrame: number,
  fromObjectId: number | null,
): [number, number][] {
  const next = readNextSuspect(
    store,
    { videoId, objectIds: null, fromFrame, fromObjectId },
    direction,
    THRESHOLD,
  )
  if (next === null) return []
  expect(next.suspicion).toBeGreaterThan(THRESHOLD)
  return [[next.frameIndex, next.objectId], ...walk(direction, next.frameIndex, next.objectId)]
}

test('a frame on which several objects are suspect counts once', () => {
  const whole = timeline({ first: 0, last: FRAMES - 1 })
  expect(whole.lanes.map(({ suspectCount }) => suspectCount)).toEqual([6, 4])
  expect(whole.suspectCount).toBe(8)
  expect(timeline({ first: 5, last: 10 }).suspectCount).toBe(3)
})

test('one goes from stretch to stretch of every object, also of two that begin on one frame', () => {
  const stops: [number, number][] = [
    [3, first],
    [5, second],
    [10, first],
    [10, second],
    [20, first],
    [29, second],
  ]
  expect(walk('forward', 0, null)).toEqual(stops)
  expect(walk('backward', FRAMES - 1, first)).toEqual(stops.toReversed())
})

test('whoever comes to a frame by hand is shown all that is suspect there', () => {
  expect(walk('forward', 10, null).slice(0, 2)).toEqual([
    [10, first],
    [10, second],
  ])
  // Within a stretch the next one comes forwards, and its own beginning backwards.
  expect(walk('forward', 4, first)[0]).toEqual([5, second])
  expect(walk('backward', 21, first)[0]).toEqual([20, first])
})

test('frames that a person called absent are none', () => {
  setPresence(store, { videoId, objectId: first, first: 3, last: 4 }, 'absent')
  expect(walk('forward', 0, null)[0]).toEqual([5, first])
  expect(timeline({ first: 0, last: FRAMES - 1 }).suspectCount).toBe(6)
})
