import type { RunLengthMask } from '../../contract/mask.ts'
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

/** Whether the person said that an object is not there. */
export function isSaidAbsent(store: ProjectStore, { videoId, objectId, frameIndex }: MaskPlace): boolean {
  for (const { first, last, presence } of store.records.ofObject('presence', videoId, objectId))
    if (presence === 'absent' && first <= frameIndex && frameIndex <= last) return true
  return false
}
