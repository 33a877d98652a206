import type { RunLengthMask } from '../../contract/mask.ts'
import { readStoredMask } from '../project/mask-reader.ts'
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
  for (const { first, last, versionId } of store.records.ofObject('spans', videoId, objectId))
    if (first <= frameIndex && frameIndex <= last)
      return readStoredMask(store, versionId, frameIndex)?.mask ?? null
  return null
}
