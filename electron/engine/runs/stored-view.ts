import type { PixelBox } from '../masks/run-length-measures.ts'
import type { FramePlace } from '../project/edits/prompt-edits.ts'
import { requireVideoFile } from '../project/edits/require-records.ts'
import type { ProjectStore } from '../project/project-store.ts'
import { Shots } from '../tracking/shots.ts'
import { replayWalk } from '../tracking/walk-replay.ts'
import { promptedMaskAt } from './stored-mask.ts'
import { storedMemory } from './stored-memory.ts'

/**
 * The part of a frame in which an object was tracked there, or was prompted, as the stored masks have it.
 * @param modelSizePx side of the model's picture
 * @returns null for the whole frame, and where nothing is known of the object
 */
export function storedView(store: ProjectStore, place: FramePlace, modelSizePx: number): PixelBox | null {
  const memory = storedMemory(store, place, { followZoom: true, modelSizePx })
  if (memory !== null) return memory.view
  const mask = promptedMaskAt(store, place)
  if (mask === null) return null
  const prompted = { frameIndex: place.frameIndex, mask, predictedIou: null, isGiven: true }
  const [replayed] = replayWalk([prompted], {
    ...{ frame: requireVideoFile(store.records, place.videoId), modelSizePx, shots: new Shots() },
    tracking: { memorySelection: 'selective', followZoom: true },
  })
  return replayed!.view
}
