import type { SuspectReason } from '../../contract/tracking.ts'
import { isRunLengthEmpty } from '../masks/run-length-measures.ts'
import type { ProjectStore } from '../project/project-store.ts'
import type { PassedFrame } from '../tracking/walk-replay.ts'
import { hasFreshMask, keyframesOf } from './run-plan.ts'
import { isSaidAbsent, scoredMaskAt } from './stored-mask.ts'

/** Frames on which what is usual of an object rests; those before have hardly any weight. */
export const framesLookedBackOn = 64

export interface StoredPassed extends PassedFrame {
  readonly suspectReasons: readonly SuspectReason[]
}

/**
 * What a walk has passed, as it is stored: from the last prompted frame on, in the order of the walk. Where that lies far
 * back, what follows it is left out; frames on which the object was not seen do not count.
 * @param newest the last frame that was passed
 */
export function passedFrames(
  store: ProjectStore,
  { videoId, objectId }: { readonly videoId: number; readonly objectId: number },
  { newest, reverse, frameCount }: { newest: number; reverse: boolean; frameCount: number },
): StoredPassed[] {
  const at = (frameIndex: number, isGiven: boolean): StoredPassed[] => {
    const stored = scoredMaskAt(store, { videoId, objectId, frameIndex })
    if (stored === null) return []
    const { predictedIou, suspectReasons } = stored.scores
    return [{ frameIndex, mask: stored.mask, predictedIou, isGiven, suspectReasons }]
  }
  const keyframes = keyframesOf(store, videoId, objectId)
  const prompted = reverse
    ? keyframes.find((index) => index >= newest)
    : keyframes.findLast((index) => index <= newest)
  const tracked: StoredPassed[] = []
  let shown = 0
  for (let frameIndex = newest; shown < framesLookedBackOn; frameIndex += reverse ? 1 : -1) {
    if (frameIndex < 0 || frameIndex >= frameCount || frameIndex === prompted) break
    // The walk passed it without looking.
    if (isSaidAbsent(store, { videoId, objectId, frameIndex })) continue
    const [frame] = hasFreshMask(store, videoId, objectId, frameIndex) ? at(frameIndex, false) : []
    if (frame === undefined) break
    tracked.push(frame)
    if (!isRunLengthEmpty(frame.mask)) shown++
  }
  return [...(prompted === undefined ? [] : at(prompted, true)), ...tracked.reverse()]
}
