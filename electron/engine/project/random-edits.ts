import fc from 'fast-check'
import { UserFacingError } from '../../contract/errors.ts'
import { addClass, deleteClass, renameClass, reorderClasses } from './edits/class-edits.ts'
import { duplicateObject } from './edits/duplicate-object.ts'
import { addMasks, setPromptAnswer, type NewMask } from './edits/mask-edits.ts'
import { mergeObjects } from './edits/merge-objects.ts'
import * as objects from './edits/object-edits.ts'
import { setPresence } from './edits/presence-edits.ts'
import * as prompts from './edits/prompt-edits.ts'
import { appendFoundShot, appendTrackedMasks, confirmMasks, startRun, updateRun } from './edits/run-edits.ts'
import { addShot, moveShot, removeShot } from './edits/shot-edits.ts'
import { clearSpan, restoreSpan } from './edits/version-edits.ts'
import * as videos from './edits/video-edits.ts'
import type { ProjectStore } from './project-store.ts'
import type { CollectionName } from './stored-records.ts'
import { COLOURS, maskOfArea, scores, videoFile } from './store-fixture.ts'

/** For tests: frames of every video of a random project. */
export const FRAMES = 12

/** For tests: an edit as plain numbers, which the project at hand gives a meaning, so that it can be made again. */
export interface RandomEdit {
  readonly kind: string
  readonly a: number
  readonly b: number
  readonly c: number
  readonly mark: string | undefined
}

type Make = (store: ProjectStore, edit: RandomEdit) => unknown

/** The id of one of the records, whichever `number` falls on; one that does not exist where there are none. */
function pick(store: ProjectStore, name: CollectionName, number: number): number {
  const ids = [...store.records.all(name)].map(({ id }) => id).sort((a, b) => a - b)
  return ids[number % ids.length] ?? 999_999
}

function place(store: ProjectStore, { a, b, c }: RandomEdit): prompts.FramePlace {
  return { videoId: pick(store, 'videos', a), objectId: pick(store, 'objects', b), frameIndex: c % FRAMES }
}

function span({ b, c }: RandomEdit): { first: number; last: number } {
  const first = b % FRAMES
  return { first, last: Math.min(FRAMES - 1, first + (c % 6)) }
}

function masksFor(objectIds: readonly number[], { first, last }: { first: number; last: number }): NewMask[] {
  const masks: NewMask[] = []
  for (let frameIndex = first; frameIndex <= last; frameIndex++) {
    for (const objectId of objectIds) {
      const area = (frameIndex * 7 + objectId * 3) % 40
      masks.push({
        objectId,
        frameIndex,
        mask: maskOfArea(area),
        scores: scores(area / 40, frameIndex / FRAMES),
      })
    }
  }
  return masks
}

const ids = (store: ProjectStore, name: CollectionName): number[] =>
  [...store.records.all(name)].map(({ id }) => id)

const makers: Record<string, Make> = {
  addObject: (store, { mark }) => objects.addObject(store, {}, COLOURS, mark),
  renameObject: (store, { a, b, mark }) =>
    objects.renameObject(store, pick(store, 'objects', a), `name ${String(b)}`, mark),
  recolour: (store, { a, b, mark }) =>
    objects.recolourObject(store, pick(store, 'objects', a), COLOURS[b % 2]!, mark),
  setClass: (store, { a, b, mark }) =>
    objects.setObjectClass(
      store,
      [pick(store, 'objects', a)],
      b % 3 === 0 ? null : pick(store, 'classes', b),
      mark,
    ),
  visibility: (store, { a, b, mark }) =>
    objects.setObjectVisibility(store, [pick(store, 'objects', a)], b % 2 === 0, mark),
  lock: (store, { a, b, mark }) =>
    objects.setObjectLock(store, [pick(store, 'objects', a)], b % 4 === 0, mark),
  cleanup: (store, { a, b, mark }) =>
    objects.setObjectCleanup(
      store,
      [pick(store, 'objects', a)],
      { fillHolesArea: b, dropSpecksArea: 0, growPx: 1, smoothEdgePx: 0 },
      mark,
    ),
  reorderObjects: (store, { mark }) => objects.reorderObjects(store, ids(store, 'objects').reverse(), mark),
  deleteObject: (store, { a, mark }) => objects.deleteObjects(store, [pick(store, 'objects', a)], mark),
  duplicate: (store, { a, mark }) => duplicateObject(store, pick(store, 'objects', a), COLOURS, mark),
  merge: (store, { a, b, mark }) =>
    mergeObjects(store, pick(store, 'objects', a), [pick(store, 'objects', b)], mark),
  addClass: (store, { a, mark }) => addClass(store, `class ${String(a)}`, mark),
  renameClass: (store, { a, b, mark }) =>
    renameClass(store, pick(store, 'classes', a), `class ${String(b)}`, mark),
  reorderClasses: (store, { mark }) => reorderClasses(store, ids(store, 'classes').reverse(), mark),
  deleteClass: (store, { a, mark }) => deleteClass(store, pick(store, 'classes', a), mark),
  addPoint: (store, edit) =>
    prompts.addPoint(
      store,
      place(store, edit),
      { x: edit.a / 3, y: edit.b, label: edit.c % 2 === 0 ? 1 : 0 },
      edit.mark,
    ),
  movePoint: (store, { a, b, mark }) =>
    prompts.changePoint(store, pick(store, 'prompts', a), { x: b, y: b / 7 }, mark),
  setLabel: (store, { a, mark }) => prompts.changePoint(store, pick(store, 'prompts', a), { label: 0 }, mark),
  setBox: (store, edit) =>
    prompts.setBox(store, place(store, edit), { left: 0, top: 0, right: 1 + edit.a, bottom: 2 }, edit.mark),
  setMask: (store, edit) =>
    prompts.setMaskPrompt(
      store,
      place(store, edit),
      { mask: maskOfArea(edit.a), origin: 'brush' },
      edit.mark,
    ),
  answer: (store, edit) =>
    setPromptAnswer(
      store,
      place(store, edit),
      { mask: maskOfArea(edit.a), scores: scores(0.9), model: 'test' },
      edit.mark ?? 'none',
    ),
  /** A click with its answer, as it happens in the studio. */
  click: (store, edit) => {
    const mark = edit.mark ?? `click-${String(edit.a)}-${String(edit.b)}-${String(store.revision)}`
    const where = place(store, edit)
    prompts.addPoint(store, where, { x: edit.a, y: edit.b, label: 1 }, mark)
    return setPromptAnswer(
      store,
      where,
      { mask: maskOfArea(edit.a), scores: scores(0.8), model: 'test' },
      mark,
    )
  },
  deletePrompt: (store, { a, mark }) => prompts.deletePrompt(store, pick(store, 'prompts', a), mark),
  clearFrame: (store, edit) => prompts.clearFrame(store, place(store, edit), edit.mark),
  choose: (store, edit) => prompts.chooseAlternative(store, place(store, edit), edit.a % 3, edit.mark),
  presence: (store, edit) =>
    setPresence(
      store,
      { ...place(store, edit), ...span(edit) },
      (['present', 'absent', 'unknown'] as const)[edit.a % 3]!,
      edit.mark,
    ),
  markers: (store, edit) => {
    const { first, last } = span(edit)
    return videos.setMarkers(
      store,
      pick(store, 'videos', edit.a),
      { inFrame: first, outFrame: last },
      edit.mark,
    )
  },
  addShot: (store, { a, b, mark }) => addShot(store, pick(store, 'videos', a), 1 + (b % (FRAMES - 1)), mark),
  moveShot: (store, { a, b, mark }) => moveShot(store, pick(store, 'shots', a), 1 + (b % (FRAMES - 1)), mark),
  removeShot: (store, { a, mark }) => removeShot(store, pick(store, 'shots', a), mark),
  findShot: (store, { a, b }) =>
    appendFoundShot(store, pick(store, 'runs', a), { frameIndex: 1 + (b % 5), kind: 'cut', confidence: 0.5 }),
  startRun: (store, { a, b }) =>
    startRun(store, {
      request: {
        videoId: pick(store, 'videos', a),
        objectIds: [...new Set([pick(store, 'objects', a), pick(store, 'objects', b)])],
        direction: 'forward',
        startFrame: 0,
        limit: { kind: 'end' },
        extent: 'all',
      },
      model: 'test',
      framesTotal: FRAMES,
    }),
  append: (store, edit) => {
    const runId = pick(store, 'runs', edit.a)
    const objectIds = store.records.get('runs', runId)?.request.objectIds ?? []
    return appendTrackedMasks(store, runId, masksFor(objectIds, span(edit)), edit.c)
  },
  confirm: (store, edit) => {
    const runId = pick(store, 'runs', edit.a)
    const objectId = store.records.get('runs', runId)?.request.objectIds[0] ?? 0
    return confirmMasks(store, runId, { objectId, ...span(edit) })
  },
  endRun: (store, { a }) => updateRun(store, pick(store, 'runs', a), { state: 'finished' }),
  importMasks: (store, edit) =>
    addMasks(
      store,
      { videoId: pick(store, 'videos', edit.a), origin: 'import', model: null },
      masksFor([pick(store, 'objects', edit.a)], span(edit)),
      edit.mark ?? `import-${String(store.revision)}`,
    ),
  clearSpan: (store, edit) =>
    clearSpan(store, pick(store, 'videos', edit.a), [pick(store, 'objects', edit.b)], span(edit), edit.mark),
  restoreSpan: (store, edit) => restoreSpan(store, pick(store, 'versions', edit.a), span(edit), edit.mark),
  addVideo: (store, { mark }) => videos.addVideos(store, [{ name: 'other', file: videoFile(FRAMES) }], mark),
  renameVideo: (store, { a, b, mark }) =>
    videos.renameVideo(store, pick(store, 'videos', a), `video ${String(b)}`, mark),
  removeVideo: (store, { a, mark }) => videos.removeVideo(store, pick(store, 'videos', a), mark),
  renameProject: (store, { a, mark }) => videos.renameProject(store, `project ${String(a)}`, mark),
}

const travelMakers: Record<string, Make> = {
  undo: (store) => store.undo(),
  redo: (store) => store.redo(),
  cancelMark: (store, { mark }) => (mark === undefined ? null : store.cancelMark(mark)),
}

/** What happens often in the studio happens often here. */
const often = [
  'click',
  'click',
  'click',
  'append',
  'append',
  'append',
  'append',
  'startRun',
  'startRun',
  'addObject',
]

const number = fc.nat(60)
const mark = fc.option(fc.constantFrom('drag', 'stroke'), { nil: undefined, freq: 4 })

function arbitraryOf(kinds: readonly string[]): fc.Arbitrary<RandomEdit> {
  return fc.record({ kind: fc.constantFrom(...kinds), a: number, b: number, c: number, mark })
}

function sequenceOf(kinds: readonly string[]): fc.Arbitrary<RandomEdit[]> {
  return fc.array(arbitraryOf(kinds), { minLength: 10, maxLength: 50, size: 'max' })
}

/** For tests: edits that change the project. */
export const arbitraryEdits = sequenceOf([...Object.keys(makers), ...often])

/** For tests: edits, and steps back and forth in the history. */
export const arbitrarySteps = sequenceOf([
  ...Object.keys(makers),
  ...often,
  ...Object.keys(travelMakers),
  'undo',
  'redo',
])

/** For tests: makes the edit; one that the project refuses is none. Any other error is thrown. */
export function makeEdit(store: ProjectStore, edit: RandomEdit): void {
  const make = makers[edit.kind] ?? travelMakers[edit.kind]
  if (make === undefined) throw new Error(`no such edit: ${edit.kind}`)
  try {
    make(store, edit)
  } catch (error) {
    if (!(error instanceof UserFacingError)) throw error
  }
}
