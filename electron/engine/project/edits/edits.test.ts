import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { MaskChange } from '../../../contract/changes.ts'
import { allMasks } from '../store-contents.ts'
import { LIMITS } from '../../../contract/limits.ts'
import { COLOURS, maskOfArea, projectWith, scores, testFolder } from '../store-fixture.ts'
import { collectGarbage } from '../garbage.ts'
import {
  FrameOutsideVideoError,
  InvalidEditError,
  MaskOfOtherSizeError,
  ObjectLockedError,
  TrackRunEndedError,
} from '../project-errors.ts'
import type { ProjectStore } from '../project-store.ts'
import { readFrameScores, readTimeline } from '../timeline-reader.ts'
import { duplicateObject } from './duplicate-object.ts'
import { addMasks, setPromptAnswer } from './mask-edits.ts'
import { mergeObjects } from './merge-objects.ts'
import { addObject, putObject, renameObject, setObjectLock } from './object-edits.ts'
import { setPresence } from './presence-edits.ts'
import { addPoint, changePoint, clearFrame, setBox, setMaskPrompt } from './prompt-edits.ts'
import { appendTrackedMasks, confirmMasks, startRun, updateRun } from './run-edits.ts'
import { listVersions, restoreSpan } from './version-edits.ts'

const FRAMES = 30
let store: ProjectStore
let videoId: number
let first: number
let second: number
let remove: () => void

beforeEach(async () => {
  const made = testFolder()
  remove = made.remove
  const project = await projectWith(join(made.folder, 'film.maskwright'), { frameCount: FRAMES, objects: 2 })
  store = project.store
  videoId = project.videoId
  first = project.objectIds[0]!
  second = project.objectIds[1]!
})
afterEach(() => {
  store.close()
  remove()
})

function at(objectId: number, frameIndex: number) {
  return { videoId, objectId, frameIndex }
}

function begin(objectIds: number[]): number {
  const request = {
    videoId,
    objectIds,
    direction: 'forward',
    startFrame: 0,
    limit: { kind: 'end' },
    extent: 'all',
  } as const
  return startRun(store, { request, model: 'nano', framesTotal: FRAMES }).run.id
}

function track(runId: number, objectId: number, from: number, to: number, area: number): void {
  const masks = Array.from({ length: to - from + 1 }, (_, index) => ({
    objectId,
    frameIndex: from + index,
    mask: maskOfArea(area),
    scores: scores(0.9, (from + index) / 100),
  }))
  appendTrackedMasks(store, runId, masks, to)
}

function spans(objectId: number): string[] {
  return [...store.records.ofObject('spans', videoId, objectId)]
    .sort((a, b) => a.first - b.first)
    .map((span) => `${String(span.first)}-${String(span.last)}${span.stale ? ' stale' : ''}`)
}

function areaAt(objectId: number, frameIndex: number): number | undefined {
  return allMasks(store).find((mask) => mask.objectId === objectId && mask.frameIndex === frameIndex)?.areaPx
}

function kinds(): string[] {
  return [...store.records.all('prompts')].map(({ kind }) => kind)
}

test('a frame takes points with one box, or one mask', () => {
  addPoint(store, at(first, 3), { x: 1, y: 2, label: 1 })
  addPoint(store, at(first, 3), { x: 4, y: 2, label: 0 })
  setBox(store, at(first, 3), { left: 0, top: 0, right: 4, bottom: 4 })
  setBox(store, at(first, 3), { left: 0, top: 0, right: 5, bottom: 5 })
  expect(kinds()).toEqual(['point', 'point', 'box'])
  setMaskPrompt(store, at(first, 3), { mask: maskOfArea(5), origin: 'brush' })
  expect(kinds()).toEqual(['mask'])
  addPoint(store, at(first, 3), { x: 4, y: 2, label: 0 })
  expect(kinds()).toEqual(['point'])
})

test('a drag is one step, and a gesture that is given up leaves no trace', () => {
  const { promptId } = addPoint(store, at(first, 0), { x: 1, y: 1, label: 1 })
  for (let x = 2; x < 9; x++) changePoint(store, promptId!, { x, y: 1 }, 'drag-1')
  expect(store.historySteps(2).map(({ action }) => action)).toEqual(['prompt.movePoint', 'prompt.addPoint'])
  store.undo()
  expect(store.records.get('prompts', promptId!)).toMatchObject({ x: 1 })
  store.redo()
  expect(store.records.get('prompts', promptId!)).toMatchObject({ x: 8 })
  changePoint(store, promptId!, { x: 50, y: 1 }, 'drag-2')
  expect(store.cancelMark('drag-1')).toBeNull()
  store.cancelMark('drag-2')
  expect(store.records.get('prompts', promptId!)).toMatchObject({ x: 8 })
  expect(store.redo()).toBeNull()
})

test("a click and the model's answer are one step; an answer to an undone click is too late", () => {
  addPoint(store, at(first, 4), { x: 1, y: 1, label: 1 }, 'click')
  const answer = { mask: maskOfArea(12), scores: scores(0.8), model: 'nano' }
  expect(setPromptAnswer(store, at(first, 4), answer, 'click')).not.toBeNull()
  expect(areaAt(first, 4)).toBe(12)
  store.undo()
  expect(areaAt(first, 4)).toBeUndefined()
  expect(kinds()).toEqual([])
  expect(setPromptAnswer(store, at(first, 4), answer, 'click')).toBeNull()
  store.redo()
  expect(areaAt(first, 4)).toBe(12)
})

test('a correction leaves the masks around it stale up to the next prompted frames; a new run makes them fresh', () => {
  addPoint(store, at(first, 0), { x: 1, y: 1, label: 1 })
  addPoint(store, at(first, 20), { x: 1, y: 1, label: 1 })
  const run = begin([first])
  track(run, first, 0, 29, 10)
  expect(spans(first)).toEqual(['0-29'])
  let changed: readonly MaskChange[] = []
  const stop = store.onChange(({ masks }) => (changed = masks))
  addPoint(store, at(first, 8), { x: 3, y: 1, label: 1 }, 'click')
  stop()
  expect(spans(first)).toEqual(['0-0', '1-7 stale', '8-8', '9-19 stale', '20-29'])
  // Windows hold masks with that word; they have to ask for these again.
  expect(changed).toMatchObject([
    { objectId: first, first: 1, last: 7 },
    { objectId: first, first: 9, last: 19 },
  ])
  setPromptAnswer(store, at(first, 8), { mask: maskOfArea(11), scores: scores(1), model: 'nano' }, 'click')
  const again = begin([first])
  track(again, first, 8, 12, 11)
  confirmMasks(store, again, { objectId: first, first: 13, last: 19 })
  expect(spans(first)).toEqual(['0-0', '1-7 stale', '8-12', '13-29'])
  expect(areaAt(first, 10)).toBe(11)
  store.undo()
  expect(areaAt(first, 10)).toBe(10)
  expect(spans(first)).toEqual(['0-0', '1-7 stale', '8-8', '9-19 stale', '20-29'])
})

test('prompts that are cleared give the frame back to the track beneath', () => {
  const run = begin([first])
  track(run, first, 0, 9, 10)
  addPoint(store, at(first, 5), { x: 1, y: 1, label: 1 }, 'click')
  setPromptAnswer(store, at(first, 5), { mask: maskOfArea(30), scores: scores(1), model: 'nano' }, 'click')
  expect(areaAt(first, 5)).toBe(30)
  clearFrame(store, at(first, 5))
  expect(areaAt(first, 5)).toBe(10)
  addPoint(store, at(first, 20), { x: 1, y: 1, label: 1 }, 'click-2')
  setPromptAnswer(store, at(first, 20), { mask: maskOfArea(30), scores: scores(1), model: 'nano' }, 'click-2')
  clearFrame(store, at(first, 20))
  expect(areaAt(first, 20)).toBeUndefined()
})

test('a run stays one step while other things are edited, and ends when it is undone', () => {
  const run = begin([first])
  track(run, first, 0, 4, 10)
  renameObject(store, second, 'cup')
  track(run, first, 5, 9, 10)
  expect(store.historySteps(2).map(({ action }) => action)).toEqual(['object.rename', 'track.start'])
  expect(spans(first)).toEqual(['0-9'])
  store.undo()
  track(run, first, 10, 14, 10)
  expect(store.redo()?.action).toBe('object.rename')
  store.undo()
  store.undo()
  expect(spans(first)).toEqual([])
  expect(() => {
    track(run, first, 15, 19, 10)
  }).toThrow(TrackRunEndedError)
  expect(() => updateRun(store, run, { state: 'running' })).toThrow(TrackRunEndedError)
})

test('a run goes on in a step of its own after an edit of the same object', () => {
  const run = begin([first])
  track(run, first, 0, 4, 10)
  addPoint(store, at(first, 2), { x: 1, y: 1, label: 1 })
  track(run, first, 5, 9, 10)
  expect(store.historySteps(3).map(({ action }) => action)).toEqual([
    'track.start',
    'prompt.addPoint',
    'track.start',
  ])
  store.undo()
  expect(spans(first)).toEqual(['0-1 stale', '2-2', '3-4 stale'])
})

test('earlier versions of a track stay, and a span of one can be taken back', () => {
  track(begin([first]), first, 0, 19, 10)
  track(begin([first]), first, 5, 24, 20)
  const [newer, older] = listVersions(store, videoId, first)
  expect(newer).toMatchObject({ first: 5, last: 24, frameCount: 20, framesShown: 20 })
  expect(older).toMatchObject({ first: 0, last: 19, frameCount: 20, framesShown: 5 })
  restoreSpan(store, older!.version.id, { first: 10, last: 29 })
  expect([4, 5, 9, 10, 19, 20].map((frame) => areaAt(first, frame))).toEqual([10, 20, 20, 10, 10, 20])
})

test('merging joins masks where both are and keeps each where it is alone', () => {
  const mark = 'import'
  const put = (objectId: number, from: number, to: number, area: number) =>
    addMasks(
      store,
      { videoId, origin: 'import', model: null },
      Array.from({ length: to - from + 1 }, (_, index) => ({
        objectId,
        frameIndex: from + index,
        mask: maskOfArea(area),
        scores: scores(0.5),
      })),
      mark,
    )
  put(first, 0, 9, 5)
  put(second, 5, 14, 8)
  setMaskPrompt(store, at(second, 7), { mask: maskOfArea(8), origin: 'brush' })
  setPresence(store, { videoId, objectId: first, first: 10, last: 20 }, 'absent')
  mergeObjects(store, first, [second])
  expect([0, 4, 5, 9, 10, 14].map((frame) => areaAt(first, frame))).toEqual([5, 5, 8, 8, 8, 8])
  expect(store.project().objects.map(({ id }) => id)).toEqual([first])
  expect(store.project().prompts).toMatchObject([{ kind: 'mask', objectId: first, frameIndex: 7 }])
  expect(store.project().presence).toMatchObject([{ presence: 'absent', first: 15, last: 20 }])
  store.undo()
  expect(areaAt(second, 14)).toBe(8)
})

test('who points at an object where it was said to be absent takes that back for the frame, in one step', () => {
  const absent = { presence: 'absent' } as const
  setPresence(store, { ...at(first, 0), first: 5, last: 9 }, 'absent')
  addPoint(store, at(first, 7), { x: 1, y: 1, label: 0 })
  expect(store.project().presence).toMatchObject([{ ...absent, first: 5, last: 9 }])
  addPoint(store, at(first, 7), { x: 1, y: 1, label: 1 })
  const ranges = [...store.project().presence].sort((a, b) => a.first - b.first)
  expect(ranges).toMatchObject([
    { ...absent, first: 5, last: 6 },
    { ...absent, first: 8, last: 9 },
  ])
  store.undo()
  expect(store.project().presence).toMatchObject([{ ...absent, first: 5, last: 9 }])
})

test('a duplicate has masks and prompts of its own', () => {
  track(begin([first]), first, 0, 9, 10)
  addPoint(store, at(first, 0), { x: 1, y: 1, label: 1 })
  const colours = ['#4db8ff', '#ff8a4d', '#b8e64d']
  const { objectId } = duplicateObject(store, first, colours)
  expect(store.records.get('objects', objectId)).toMatchObject({ name: 'Object 1 copy', colour: '#b8e64d' })
  track(begin([first]), first, 0, 9, 20)
  expect(areaAt(objectId, 9)).toBe(10)
  expect([...store.records.ofObject('prompts', videoId, objectId)].length).toBe(1)
})

test('what does not fit is refused by name and changes nothing', () => {
  const revision = store.revision
  const wrong = { size: [2, 2] as [number, number], counts: '04' }
  expect(() => addPoint(store, at(first, FRAMES), { x: 0, y: 0, label: 1 })).toThrow(FrameOutsideVideoError)
  expect(() => setMaskPrompt(store, at(first, 0), { mask: wrong, origin: 'brush' })).toThrow(
    MaskOfOtherSizeError,
  )
  expect(store.revision).toBe(revision)
  setObjectLock(store, [first], true)
  expect(() => addPoint(store, at(first, 0), { x: 0, y: 0, label: 1 })).toThrow(ObjectLockedError)
  expect(() => begin([first])).toThrow(ObjectLockedError)
  expect(() => mergeObjects(store, second, [first])).toThrow(ObjectLockedError)
})

test('the timeline says what is tracked, stale, absent and suspect without reading masks', () => {
  const run = begin([first])
  track(run, first, 0, 9, 10)
  track(run, first, 10, 14, 0)
  track(run, first, 15, 29, 10)
  addPoint(store, at(first, 20), { x: 1, y: 1, label: 1 })
  const range = { videoId, objectIds: [first], first: 0, last: FRAMES - 1 }
  const [lane] = readTimeline(store, range, { bucketCount: 10, suspicionThreshold: 0.25 }).lanes
  expect(lane!.spans).toEqual([
    { first: 0, last: 9, state: 'stale' },
    { first: 10, last: 14, state: 'staleAbsent' },
    { first: 15, last: 19, state: 'stale' },
    { first: 20, last: 20, state: 'tracked' },
    { first: 21, last: 29, state: 'stale' },
  ])
  expect(lane!.keyframes).toEqual([20])
  expect(lane!.quality.framesPerBucket).toBe(3)
  expect(lane!.quality.suspicion).toEqual([0.02, 0.05, 0.08, 0.11, 0.14, 0.17, 0.2, 0.23, 0.26, 0.29])
  expect(lane!.suspectCount).toBe(4)
  expect(readFrameScores(store, videoId, 12)).toMatchObject([{ objectId: first, areaPx: 0, stale: true }])
})

test('frames that the person calls absent hide their masks without losing them', () => {
  track(begin([first]), first, 0, 9, 10)
  setPresence(store, { videoId, objectId: first, first: 3, last: 5 }, 'absent')
  expect(allMasks(store).map(({ frameIndex }) => frameIndex)).toEqual([0, 1, 2, 6, 7, 8, 9])
  setPresence(store, { videoId, objectId: first, first: 4, last: 4 }, 'unknown')
  expect(areaAt(first, 4)).toBe(10)
})

test('masks go only when neither the present, nor undo or redo, nor the list of versions needs them', () => {
  track(begin([first]), first, 0, 9, 10)
  track(begin([first]), first, 0, 9, 20)
  expect(collectGarbage(store)).toBe(0)
  store.undo()
  expect(collectGarbage(store)).toBe(0)
  renameObject(store, second, 'a new edit closes the way to redo')
  expect(collectGarbage(store)).toBe(1)
  expect(areaAt(first, 0)).toBe(10)
})

test('a full project takes no further object, not as a copy either', () => {
  store.edit({ action: 'object.add' }, ({ draft }) => {
    for (let count = 2; count < LIMITS.objects; count++)
      putObject(draft, { name: `object ${String(count)}`, colour: COLOURS[0] }, COLOURS)
  })
  expect(store.project().objects).toHaveLength(LIMITS.objects)
  expect(() => addObject(store, {}, COLOURS)).toThrow(InvalidEditError)
  expect(() => duplicateObject(store, first, COLOURS)).toThrow(InvalidEditError)
  expect(store.project().objects).toHaveLength(LIMITS.objects)
})
