import type { Mark } from '../../../contract/history.ts'
import { LIMITS } from '../../../contract/limits.ts'
import type { ProjectStore } from '../project-store.ts'
import { putMasksOfObjects, type NewMask } from './mask-edits.ts'
import { promptsOnFrame } from './prompt-edits.ts'

/** Masks that another machine found in a video. */
export interface FoundInVideo {
  readonly videoId: number
  readonly model: string
  readonly masks: readonly NewMask[]
}

/**
 * Makes masks that other machines found the present ones, as one step. Frames that were prompted stand for themselves;
 * objects that are gone or locked are left as they are.
 * @throws UnknownRecordError, MaskOfOtherSizeError, FrameOutsideVideoError; then nothing is changed
 */
export function takeFoundMasks(
  store: ProjectStore,
  found: readonly FoundInVideo[],
  mark?: Mark,
): { revision: number; maskCount: number } {
  const objectIds = new Set(found.flatMap(({ masks }) => masks.map(({ objectId }) => objectId)))
  const names = [...objectIds].map((id) => store.records.get('objects', id)?.name ?? '')
  const subject = names.join(', ').slice(0, LIMITS.nameLength)
  const { revision, value } = store.edit({ action: 'queue.take', subject, mark }, (context) => {
    let maskCount = 0
    for (const { videoId, model, masks } of found) {
      const kept = masks.filter(({ objectId, frameIndex }) => {
        if (context.draft.get('objects', objectId)?.locked !== false) return false
        return promptsOnFrame(context.draft, { videoId, objectId, frameIndex }).length === 0
      })
      putMasksOfObjects(context, { videoId, origin: 'import', runId: null, model }, kept)
      maskCount += kept.length
    }
    return maskCount
  })
  return { revision, maskCount: value }
}
