import { promptsOnFrame, type FramePlace } from '../project/edits/prompt-edits.ts'
import { readStoredMask } from '../project/mask-reader.ts'
import type { StoredMask } from '../project/mask-table.ts'
import type { ProjectStore } from '../project/project-store.ts'
import type { RunLengthMask } from '../../contract/mask.ts'
import type { FramePrompts, TrackedVideo } from '../tracking/tracker-protocol.ts'
import type { VideoFile } from '../project/stored-records.ts'

export function trackedVideo({ contentId, widthPx, heightPx, frameCount }: VideoFile): TrackedVideo {
  return { contentId, widthPx, heightPx, frameCount }
}

/** All that the project says of an object on a frame; null where it says nothing. */
export function framePrompts(store: ProjectStore, place: FramePlace): FramePrompts | null {
  const prompts = promptsOnFrame(store.records, place)
  if (prompts.length === 0) return null
  const drawn = prompts.find((prompt) => prompt.kind === 'mask')
  if (drawn !== undefined) return { kind: 'mask', mask: drawn.mask }
  const choice = [...store.records.ofObject('alternativeChoices', place.videoId, place.objectId)].find(
    ({ frameIndex }) => frameIndex === place.frameIndex,
  )
  return {
    kind: 'points',
    points: prompts.flatMap((prompt) =>
      prompt.kind === 'point' ? [{ x: prompt.x, y: prompt.y, label: prompt.label }] : [],
    ),
    box: prompts.find((prompt) => prompt.kind === 'box')?.box ?? null,
    base: maskBeneathPrompts(store, place),
    alternative: choice?.alternative ?? null,
  }
}

/** What was on a frame before it was prompted: the newest mask there that no prompt gave. */
export function maskBeneathPrompts(store: ProjectStore, place: FramePlace): RunLengthMask | null {
  return beneathPrompts(store, place)?.stored.mask ?? null
}

/** The same with its scores, and the version that it is of. */
export function beneathPrompts(
  store: ProjectStore,
  { videoId, objectId, frameIndex }: FramePlace,
): { readonly versionId: number; readonly stored: StoredMask } | null {
  const versions = [...store.records.ofObject('versions', videoId, objectId)]
    .filter(({ origin }) => origin !== 'prompt')
    .sort((a, b) => b.id - a.id)
  for (const { id: versionId } of versions) {
    const stored = readStoredMask(store, versionId, frameIndex)
    if (stored !== null) return { versionId, stored }
  }
  return null
}
