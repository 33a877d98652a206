import type { CarryHit } from '../../../contract/carry.ts'
import type { Mark } from '../../../contract/history.ts'
import { LIMITS } from '../../../contract/limits.ts'
import type { ProjectStore } from '../project-store.ts'
import { InvalidEditError } from '../project-errors.ts'
import { putMasksOfObjects } from './mask-edits.ts'
import { promptsOnFrame } from './prompt-edits.ts'
import { requireFrame, requireMaskSize, requireUnlocked } from './require-records.ts'
import { setStaleAround } from './span-edits.ts'

/**
 * Makes hits keyframes of their objects: a mask prompt and the mask itself, both of them known as carried over. One
 * step however many.
 * @throws InvalidEditError where a frame was prompted meanwhile; ObjectLockedError, UnknownRecordError
 */
export function acceptHits(
  store: ProjectStore,
  hits: readonly CarryHit[],
  model: string,
  mark?: Mark,
): number {
  const names = new Set(hits.map(({ objectId }) => store.records.get('objects', objectId)?.name ?? ''))
  const subject = [...names].join(', ').slice(0, LIMITS.nameLength)
  return store.edit({ action: 'carry.accept', subject, mark }, (context) => {
    const { draft } = context
    for (const { videoId, objectId, frameIndex, mask } of hits) {
      const { name } = requireUnlocked(draft, objectId)
      requireMaskSize(requireFrame(draft, videoId, frameIndex), mask)
      const place = { videoId, objectId, frameIndex }
      if (promptsOnFrame(draft, place).length > 0)
        throw new InvalidEditError(
          `${name} has been prompted on frame ${String(frameIndex)} in the meantime. Leave that hit out.`,
        )
      draft.put('prompts', { kind: 'mask', id: draft.newId(), ...place, mask, origin: 'carry' })
      setStaleAround(draft, place, frameIndex)
    }
    for (const videoId of new Set(hits.map((hit) => hit.videoId))) {
      const source = { videoId, origin: 'carry', runId: null, model } as const
      const masks = hits
        .filter((hit) => hit.videoId === videoId)
        .map(({ objectId, frameIndex, mask, confidence }) => ({
          ...{ objectId, frameIndex, mask },
          scores: {
            ...{ objectScore: null, predictedIou: confidence, stability: null },
            // The person has just looked at this frame.
            ...{ suspicion: 0, suspectReasons: [] },
          },
        }))
      putMasksOfObjects(context, source, masks)
    }
  }).revision
}
