import type { Mark } from '../../../contract/history.ts'
import type { RunLengthMask } from '../../../contract/mask.ts'
import type { MaskScores, TrackVersion, VersionOrigin } from '../../../contract/tracking.ts'
import type { EditContext } from '../edit-context.ts'
import { MAX_VERSION_ID } from '../mask-table.ts'
import { InvalidEditError } from '../project-errors.ts'
import type { ProjectStore } from '../project-store.ts'
import { promptsOnFrame, type FramePlace } from './prompt-edits.ts'
import { requireFrame, requireMaskSize, requireUnlocked } from './require-records.ts'
import { showVersion } from './span-edits.ts'

/** Scores of a mask that no model made. */
export const NO_SCORES: MaskScores = {
  objectScore: null,
  predictedIou: null,
  stability: null,
  suspicion: null,
  suspectReasons: [],
}

/** A mask of an object on a frame, at source size; empty where the object is absent. */
export interface NewMask {
  readonly objectId: number
  readonly frameIndex: number
  readonly mask: RunLengthMask
  readonly scores: MaskScores
}

interface Source {
  readonly videoId: number
  readonly origin: VersionOrigin
  readonly runId: number | null
  readonly model: string | null
}

function makeVersion({ draft, now }: EditContext, objectId: number, source: Source): TrackVersion {
  const id = draft.newId()
  if (id > MAX_VERSION_ID) throw new InvalidEditError('This project has reached the end of its numbers.')
  const version = { id, objectId, createdAt: now, ...source }
  draft.put('versions', version)
  return version
}

/** The version that masks of this source go to: the run's own, or the one that this step has already begun. */
function versionFor(context: EditContext, objectId: number, source: Source): TrackVersion {
  for (const version of context.draft.ofObject('versions', source.videoId, objectId)) {
    if (version.origin !== source.origin || version.runId !== source.runId) continue
    if (source.runId !== null || context.madeByThisStep('versions', version.id)) return version
  }
  return makeVersion(context, objectId, source)
}

/** Frames in ascending order as spans without gaps. */
function toSpans(frames: readonly number[]): { first: number; last: number }[] {
  const spans: { first: number; last: number }[] = []
  for (const frameIndex of frames) {
    const newest = spans.at(-1)
    if (newest !== undefined && frameIndex <= newest.last + 1) newest.last = frameIndex
    else spans.push({ first: frameIndex, last: frameIndex })
  }
  return spans
}

/** Stores masks of one object as a version and shows them. */
function putMasks(context: EditContext, objectId: number, source: Source, masks: readonly NewMask[]): void {
  const { draft } = context
  requireUnlocked(draft, objectId)
  const file = requireFrame(draft, source.videoId)
  const version = versionFor(context, objectId, source)
  for (const { frameIndex, mask, scores } of masks) {
    requireFrame(draft, source.videoId, frameIndex)
    requireMaskSize(file, mask)
    draft.maskWrites.push({ versionId: version.id, frameIndex, mask, scores })
  }
  const frames = masks.map(({ frameIndex }) => frameIndex).sort((a, b) => a - b)
  const place = { videoId: source.videoId, objectId }
  for (const span of toSpans(frames)) showVersion(draft, place, span, { versionId: version.id, stale: false })
}

/** As `putMasks`, for masks of several objects. */
export function putMasksOfObjects(context: EditContext, source: Source, masks: readonly NewMask[]): void {
  const byObject = new Map<number, NewMask[]>()
  for (const mask of masks) {
    const ofObject = byObject.get(mask.objectId)
    if (ofObject === undefined) byObject.set(mask.objectId, [mask])
    else ofObject.push(mask)
  }
  for (const [objectId, ofObject] of byObject) putMasks(context, objectId, source, ofObject)
}

/**
 * Stores the mask that prompts gave. It joins the step of the prompt edit with the same mark; when that edit was
 * undone meanwhile, or the frame has no prompts any more, the answer is too late and null is returned.
 */
export function setPromptAnswer(
  store: ProjectStore,
  place: FramePlace,
  answer: { mask: RunLengthMask; scores: MaskScores; model: string },
  mark: Mark,
): number | null {
  if (!store.isMarkDone(mark)) return null
  const { videoId, objectId, frameIndex } = place
  if (store.records.get('objects', objectId) === undefined) return null
  if (promptsOnFrame(store.records, place).length === 0) return null
  return store.edit({ action: 'prompt.answer', mark, join: 'anywhere' }, (context) => {
    const { mask, scores, model } = answer
    // Masks of one frame each: a step that prompts several frames makes a version for each of them.
    const here = [...context.draft.ofObject('spans', videoId, objectId)].find(
      (span) => span.first <= frameIndex && frameIndex <= span.last,
    )
    const version = here === undefined ? undefined : context.draft.get('versions', here.versionId)
    const mayRewrite = version?.origin === 'prompt' && context.madeByThisStep('versions', version.id)
    const source: Source = { videoId, origin: 'prompt', runId: null, model }
    const file = requireFrame(context.draft, videoId, frameIndex)
    requireMaskSize(file, mask)
    const { id: versionId } = mayRewrite ? version : makeVersion(context, objectId, source)
    context.draft.maskWrites.push({ versionId, frameIndex, mask, scores })
    const frame = { first: frameIndex, last: frameIndex }
    showVersion(context.draft, place, frame, { versionId, stale: false })
  }).revision
}

/**
 * Stores masks that came from outside (import, carrying over). Batches with the same mark are one step and one version
 * for each object.
 */
export function addMasks(
  store: ProjectStore,
  source: { videoId: number; origin: 'edit' | 'import' | 'carry'; model: string | null },
  masks: readonly NewMask[],
  mark: Mark,
): number {
  return store.edit({ action: `masks.${source.origin}`, mark, join: 'anywhere' }, (context) => {
    putMasksOfObjects(context, { ...source, runId: null }, masks)
  }).revision
}
