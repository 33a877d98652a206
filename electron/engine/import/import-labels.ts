import { randomBytes } from 'node:crypto'
import type { ImportReport } from '../../contract/import-options.ts'
import { LIMITS } from '../../contract/limits.ts'
import type { Cleanup } from '../../contract/project.ts'
import { emptyRunLength } from '../masks/run-length-mask.ts'
import type { Draft } from '../project/draft.ts'
import type { EditContext } from '../project/edit-context.ts'
import { putClass } from '../project/edits/class-edits.ts'
import { NO_SCORES, putMasksOfObjects, type NewMask } from '../project/edits/mask-edits.ts'
import { putObject } from '../project/edits/object-edits.ts'
import { putVideo } from '../project/edits/video-edits.ts'
import type { ProjectStore } from '../project/project-store.ts'
import type { VideoFile } from '../project/stored-records.ts'
import { ImportNothingLeft, ImportTooLarge } from './import-errors.ts'
import type { ImportedLabels, SkippedItem } from './imported-labels.ts'
import { placeFrames } from './place-frames.ts'

/** The video that masks go onto: one of the project's, or one that is added with them. */
export type ImportVideo =
  | { readonly kind: 'known'; readonly videoId: number; readonly file: Omit<VideoFile, 'id'> }
  | { readonly kind: 'new'; readonly name: string; readonly file: Omit<VideoFile, 'id'> }

export interface ImportPlanOptions {
  readonly labels: ImportedLabels
  readonly video: ImportVideo
  /** File names of the video's pictures; null for a film. */
  readonly pictureNames: readonly string[] | null
  /** Frame of the video that the data's first frame belongs to; null leaves numbers as they are. */
  readonly firstFrame: number | null
}

/** What an import will do, checked as far as that goes without the project. */
export interface ImportPlan {
  readonly labels: ImportedLabels
  readonly video: ImportVideo
  /** Masks in order of frames; `object` is a place in the labels' list. */
  readonly masks: readonly PlannedMask[]
  readonly skipped: readonly SkippedItem[]
  readonly skippedCount: number
}

type PlannedMask = Omit<NewMask, 'objectId'> & { readonly object: number; readonly isEmpty: boolean }

/** Imported masks are taken as they are: even small holes are meant. */
const asImported: Cleanup = { fillHolesArea: 0, dropSpecksArea: 0, growPx: 0, smoothEdgePx: 0 }

/**
 * Gives every mask its frame of the video. Frames beyond the video's end and masks of another size are skipped.
 * @throws ImportNothingLeft when no mask is left
 */
export function planImport({ labels, video, pictureNames, firstFrame }: ImportPlanOptions): ImportPlan {
  const { frameCount, widthPx, heightPx } = video.file
  const frames = placeFrames(labels.frames, { frameCount, pictureNames }, firstFrame)
  const skipped = [...labels.skipped]
  let { skippedCount } = labels
  const skip = (what: string, why: string): void => {
    skippedCount++
    if (skipped.length < 1_000) skipped.push({ what, why })
  }
  const masks: PlannedMask[] = []
  const seen = new Map<number, Set<number>>()
  for (const { frame, object, mask, scores } of labels.masks) {
    const frameIndex = frames[frame] ?? null
    const { name } = labels.objects[object]!
    if (frameIndex === null) skip(nameOfMask(labels, frame, name), 'the video has no such frame')
    else if (mask.size[0] !== heightPx || mask.size[1] !== widthPx)
      skip(
        nameOfMask(labels, frame, name),
        `it is ${mask.size[1]} × ${mask.size[0]} pixels, the video ${widthPx} × ${heightPx}`,
      )
    else {
      masks.push({ frameIndex, object, mask, scores: scores ?? NO_SCORES, isEmpty: false })
      seen.set(object, (seen.get(object) ?? new Set()).add(frameIndex))
    }
  }
  if (masks.length === 0) {
    const [first] = skipped
    throw new ImportNothingLeft(first === undefined ? null : `${first.what}: ${first.why}`)
  }
  if (labels.hasIdentities) masks.push(...absences(frames, seen, emptyRunLength(heightPx, widthPx)))
  masks.sort((a, b) => a.frameIndex - b.frameIndex || a.object - b.object)
  return { labels, video, masks, skipped, skippedCount }
}

/** A frame that the data set knows, without an object that it knows before and after: the object is absent there. */
function absences(
  frames: readonly (number | null)[],
  seen: ReadonlyMap<number, ReadonlySet<number>>,
  empty: PlannedMask['mask'],
): PlannedMask[] {
  const placed = frames.filter((frameIndex) => frameIndex !== null)
  return [...seen].flatMap(([object, present]) => {
    let [first, last] = [Infinity, -Infinity]
    for (const frameIndex of present)
      [first, last] = [Math.min(first, frameIndex), Math.max(last, frameIndex)]
    return placed
      .filter((frameIndex) => first < frameIndex && frameIndex < last && !present.has(frameIndex))
      .map((frameIndex) => ({ frameIndex, object, mask: empty, scores: NO_SCORES, isEmpty: true }))
  })
}

function nameOfMask({ frames }: ImportedLabels, frame: number, objectName: string): string {
  const { name, number } = frames[frame]!
  return `${objectName} on frame ${name ?? number ?? frame}`
}

export interface ImportOptions {
  /** `tracks` become editable masks, `prompts` become mask prompts to track from, shown as masks, too. */
  readonly as: 'tracks' | 'prompts'
  /** Colours given in turn to objects that bring none. */
  readonly objectColours: readonly string[]
  readonly mark?: string | undefined
}

/**
 * Makes a planned import: video, classes, objects and masks come in one transaction and are one step of the history.
 * @throws ImportTooLarge for more objects or prompts than a project holds; what the store throws. Nothing is changed then
 */
export function importLabels(
  store: ProjectStore,
  plan: ImportPlan,
  { as, objectColours, mark }: ImportOptions,
): { revision: number; videoId: number; report: ImportReport } {
  const { labels, masks, video } = plan
  const imported = as === 'prompts' ? masks.filter(({ isEmpty }) => !isEmpty) : masks
  requireRoom(store, labels, as === 'prompts' ? imported.length : 0)
  const { revision, value } = store.edit(
    { action: 'import.start', subject: subjectOf(labels), mark: mark ?? randomBytes(8).toString('hex') },
    (context) => {
      const { draft } = context
      const videoId = video.kind === 'known' ? video.videoId : putVideo(draft, video)
      const objectIds = putObjects(draft, labels, objectColours)
      const placed = imported.map(({ object, ...mask }) => ({ ...mask, objectId: objectIds[object]! }))
      const origin = as === 'prompts' ? 'prompt' : 'import'
      putMasksOfObjects(context, { videoId, origin, runId: null, model: null }, placed)
      if (as === 'prompts') putPrompts(context, videoId, placed)
      return { videoId, objectIds }
    },
  )
  const present = imported.filter(({ isEmpty }) => !isEmpty)
  const report: ImportReport = {
    objectIds: value.objectIds,
    framesImported: new Set(present.map(({ frameIndex }) => frameIndex)).size,
    masksImported: present.length,
    skipped: [...plan.skipped],
    skippedCount: plan.skippedCount,
  }
  return { revision, videoId: value.videoId, report }
}

function requireRoom(store: ProjectStore, labels: ImportedLabels, newPrompts: number): void {
  const count = (items: Iterable<unknown>): number => [...items].length
  const { records } = store
  if (count(records.all('objects')) + labels.objects.length > LIMITS.objects)
    throw new ImportTooLarge(`a project holds ${LIMITS.objects} objects at most`)
  if (count(records.all('prompts')) + newPrompts > LIMITS.prompts)
    throw new ImportTooLarge(`a project holds ${LIMITS.prompts} prompts at most`)
}

function putObjects(draft: Draft, { objects }: ImportedLabels, colours: readonly string[]): number[] {
  const classIds = new Map(draft.all('classes').map(({ id, name }) => [name, id]))
  return objects.map(({ name, className, colour }) => {
    let classId = className === null ? null : (classIds.get(className) ?? null)
    if (className !== null && classId === null) {
      classId = putClass(draft, className)
      classIds.set(className, classId)
    }
    return putObject(
      draft,
      { name, classId, cleanup: asImported, ...(colour === null ? {} : { colour }) },
      colours,
    )
  })
}

function putPrompts({ draft }: EditContext, videoId: number, masks: readonly NewMask[]): void {
  for (const { objectId, frameIndex, mask } of masks) {
    const id = draft.newId()
    draft.put('prompts', { kind: 'mask', id, videoId, objectId, frameIndex, mask, origin: 'import' })
  }
}

function subjectOf({ objects }: ImportedLabels): string {
  return objects
    .map(({ name }) => name)
    .join(', ')
    .slice(0, LIMITS.nameLength)
}
