import type { Mark } from '../../../contract/history.ts'
import type { RunLengthMask } from '../../../contract/mask.ts'
import type { Prompt } from '../../../contract/prompts.ts'
import type { TrackSpan } from '../../../contract/tracking.ts'
import { unionRunLength } from '../../masks/run-length-sets.ts'
import type { EditContext } from '../edit-context.ts'
import { InvalidEditError } from '../project-errors.ts'
import type { ProjectStore } from '../project-store.ts'
import { NO_SCORES } from './mask-edits.ts'
import { removeObject } from './object-edits.ts'
import { sayPresence } from './presence-edits.ts'
import { promptsOnFrame } from './prompt-edits.ts'
import { requireUnlocked } from './require-records.ts'
import { showVersion, spansWithin } from './span-edits.ts'

interface Merge {
  readonly context: EditContext
  readonly videoId: number
  readonly objectId: number
  readonly fromObjectIds: readonly number[]
}

/** Stretches over which the same spans lie on top of each other. */
function stretches(spans: readonly TrackSpan[]): { first: number; last: number; spans: TrackSpan[] }[] {
  const borders = [...new Set(spans.flatMap(({ first, last }) => [first, last + 1]))].sort((a, b) => a - b)
  return borders.slice(0, -1).flatMap((first, index) => {
    const last = borders[index + 1]! - 1
    const here = spans.filter((span) => span.first <= first && last <= span.last)
    return here.length === 0 ? [] : [{ first, last, spans: here }]
  })
}

/** The masks that several versions have on a frame, joined; null where none has one. */
function joinedMask(
  { readMask }: EditContext,
  spans: readonly TrackSpan[],
  frameIndex: number,
): RunLengthMask | null {
  let joined: RunLengthMask | null = null
  for (const { versionId } of spans) {
    const mask = readMask(versionId, frameIndex)?.mask
    if (mask !== undefined) joined = joined === null ? mask : unionRunLength(joined, mask)
  }
  return joined
}

function mergeTracks(merge: Merge): void {
  const { context, videoId, objectId, fromObjectIds } = merge
  const { draft, now } = context
  const own = draft.ofObject('spans', videoId, objectId)
  const others = fromObjectIds.flatMap((id) => draft.ofObject('spans', videoId, id))
  if (others.length === 0) return
  const versionId = draft.newId()
  const model = draft.get('versions', others[0]!.versionId)?.model ?? null
  draft.put('versions', {
    id: versionId,
    videoId,
    objectId,
    runId: null,
    origin: 'merge',
    model,
    createdAt: now,
  })

  for (const { first, last, spans } of stretches([...own, ...others])) {
    if (spans.every((span) => span.objectId === objectId)) continue
    const [only] = spans
    if (spans.length === 1) {
      draft.maskCopies.push({ fromVersionId: only!.versionId, toVersionId: versionId, first, last })
    } else {
      for (let frameIndex = first; frameIndex <= last; frameIndex++) {
        const mask = joinedMask(context, spans, frameIndex)
        if (mask !== null) draft.maskWrites.push({ versionId, frameIndex, mask, scores: NO_SCORES })
      }
    }
    const stale = spans.some((span) => span.stale)
    showVersion(draft, { videoId, objectId }, { first, last }, { versionId, stale })
    // Where a part was seen, the whole cannot be absent.
    const isAbsent = draft
      .ofObject('presence', videoId, objectId)
      .some((said) => said.presence === 'absent' && said.first <= last && said.last >= first)
    if (isAbsent) sayPresence(draft, { videoId, objectId, first, last }, 'unknown')
  }
}

/**
 * Clicks that were made for a part would not give the whole: where the joined object has masks of several parts, its
 * prompts become one mask prompt; elsewhere prompts move over as they are.
 */
function mergePrompts(merge: Merge): void {
  const { context, videoId, objectId, fromObjectIds } = merge
  const { draft } = context
  const objectIds = [objectId, ...fromObjectIds]
  const frames = new Set<number>()
  for (const id of objectIds)
    for (const { frameIndex } of draft.ofObject('prompts', videoId, id)) frames.add(frameIndex)

  for (const frameIndex of frames) {
    const prompts = objectIds.flatMap((id) => promptsOnFrame(draft, { videoId, objectId: id, frameIndex }))
    const parts = objectIds.flatMap((id) =>
      spansWithin(draft, { videoId, objectId: id }, { first: frameIndex, last: frameIndex }),
    )
    const mask = parts.length > 1 ? joinedMask(context, parts, frameIndex) : null
    for (const choice of draft.ofObject('alternativeChoices', videoId, objectId)) {
      if (choice.frameIndex === frameIndex) draft.remove('alternativeChoices', choice.id)
    }
    if (mask !== null) {
      for (const prompt of prompts) draft.remove('prompts', prompt.id)
      const id = draft.newId()
      draft.put('prompts', { kind: 'mask', id, videoId, objectId, frameIndex, mask, origin: 'import' })
    } else {
      movePrompts(context, prompts, objectId)
    }
  }
}

/** A frame holds one mask prompt or points with one box; what does not fit beside the first stays behind. */
function movePrompts({ draft }: EditContext, prompts: readonly Prompt[], objectId: number): void {
  const isMask = prompts[0]?.kind === 'mask'
  let kept = 0
  let boxes = 0
  for (const prompt of prompts) {
    if (prompt.kind === 'box') boxes++
    const fits = isMask ? kept === 0 : prompt.kind === 'point' || (prompt.kind === 'box' && boxes === 1)
    if (!fits) {
      draft.remove('prompts', prompt.id)
      continue
    }
    kept++
    draft.put('prompts', { ...prompt, objectId })
  }
}

/** Joins masks and prompts of `fromObjectIds` into `objectId`, in every video, and deletes them. */
export function mergeObjects(
  store: ProjectStore,
  objectId: number,
  fromObjectIds: readonly number[],
  mark?: Mark,
): number {
  if (fromObjectIds.includes(objectId)) throw new InvalidEditError('An object cannot be merged with itself.')
  const subject = store.records.get('objects', objectId)?.name ?? null
  return store.edit({ action: 'object.merge', subject, mark }, (context) => {
    for (const id of [objectId, ...fromObjectIds]) requireUnlocked(context.draft, id)
    for (const { id: videoId } of context.draft.all('videos')) {
      const merge = { context, videoId, objectId, fromObjectIds }
      // Prompts first: they look at the masks of the parts.
      mergePrompts(merge)
      mergeTracks(merge)
    }
    for (const id of fromObjectIds) removeObject(context.draft, id)
  }).revision
}
