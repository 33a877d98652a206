import type { RunLengthMask } from '../../contract/mask.ts'
import { promptsOnFrame } from '../project/edits/prompt-edits.ts'
import { readStoredMask } from '../project/mask-reader.ts'
import type { StoredMask } from '../project/mask-table.ts'
import type { ProjectStore } from '../project/project-store.ts'

export interface MaskPlace {
  readonly videoId: number
  readonly objectId: number
  readonly frameIndex: number
}

/** An object's present mask on a frame, as the project has it. */
export function storedMaskAt(
  store: ProjectStore,
  { videoId, objectId, frameIndex }: MaskPlace,
): RunLengthMask | null {
  return scoredMaskAt(store, { videoId, objectId, frameIndex })?.mask ?? null
}

/** The same with its scores. */
export function scoredMaskAt(
  store: ProjectStore,
  { videoId, objectId, frameIndex }: MaskPlace,
): StoredMask | null {
  for (const { first, last, versionId } of store.records.ofObject('spans', videoId, objectId))
    if (first <= frameIndex && frameIndex <= last) return readStoredMask(store, versionId, frameIndex)
  return null
}

/** The mask that an object's prompts on a frame came to; null where they have no answer yet. */
export function promptedMaskAt(store: ProjectStore, place: MaskPlace): RunLengthMask | null {
  const drawn = promptsOnFrame(store.records, place).find((prompt) => prompt.kind === 'mask')
  if (drawn !== undefined) return drawn.mask
  const { videoId, objectId, frameIndex } = place
  for (const { first, last, versionId } of store.records.ofObject('spans', videoId, objectId)) {
    if (first > frameIndex || frameIndex > last) continue
    const isAnswer = store.records.get('versions', versionId)?.origin === 'prompt'
    return isAnswer ? (readStoredMask(store, versionId, frameIndex)?.mask ?? null) : null
  }
  return null
}

/** Whether the person said that an object is not there. */
export function isSaidAbsent(store: ProjectStore, { videoId, objectId, frameIndex }: MaskPlace): boolean {
  for (const { first, last, presence } of store.records.ofObject('presence', videoId, objectId))
    if (presence === 'absent' && first <= frameIndex && frameIndex <= last) return true
  return false
}
