import type { FramePlace } from '../project/edits/prompt-edits.ts'
import { requireVideoFile } from '../project/edits/require-records.ts'
import type { StoredMask } from '../project/mask-table.ts'
import { shotStartsOf } from '../project/video-shots.ts'
import type { ProjectStore } from '../project/project-store.ts'
import { isRunLengthEmpty } from '../masks/run-length-measures.ts'
import { beneathPrompts, framePrompts } from '../session/frame-prompts.ts'
import type { PromptRules } from '../tracking/tracking-options.ts'
import { Shots } from '../tracking/shots.ts'
import type { FramePrompts, StoredMemory } from '../tracking/tracker-protocol.ts'
import { replayWalk, type PassedFrame, type ReplayedFrame } from '../tracking/walk-replay.ts'
import { closestFrames } from './closest-frames.ts'
import { framesLookedBackOn } from './passed-frames.ts'
import { keyframesOf, nearestTo } from './run-plan.ts'
import { isSaidAbsent, promptedMaskAt } from './stored-mask.ts'

/** Conditioning frames and tracked frames that a click is seen with: more of them would keep the person waiting. */
const promptedFrames = 4
const trackedFrames = 3

/** What a passing look at an answer goes by: it asks for no part of the picture that nobody looks at yet. */
export function passingRules(rules: PromptRules, memory: StoredMemory | null): PromptRules {
  return { ...rules, followZoom: memory !== null && rules.followZoom }
}

export interface MemoryOptions {
  /** Whether a walk looks at small objects from nearer by. */
  readonly followZoom: boolean
  /** Side of the model's picture. */
  readonly modelSizePx: number
}

/**
 * What the walk that tracked a frame knew the object by: its prompted frames, and the frames that the walk passed just
 * before, all as they are stored. What stands on the frame itself since it was prompted is no part of it.
 * @returns null where nothing was tracked there, or no other frame was prompted
 */
export function storedMemory(
  store: ProjectStore,
  place: FramePlace,
  { followZoom, modelSizePx }: MemoryOptions,
): StoredMemory | null {
  const { videoId, objectId, frameIndex } = place
  const beneath = beneathPrompts(store, place)
  if (beneath === null) return null
  const keyframes = keyframesOf(store, videoId, objectId).filter((index) => index !== frameIndex)
  const prompted = closestFrames(keyframes, frameIndex, promptedFrames).flatMap((index) => {
    if (isSaidAbsent(store, { ...place, frameIndex: index })) return []
    const prompts = conditioningPrompts(store, { ...place, frameIndex: index })
    return prompts === null ? [] : [{ frameIndex: index, prompts }]
  })
  if (prompted.length === 0) return null
  const reverse = wasTrackedBackwards(store, place, beneath.versionId, keyframes)
  const file = requireVideoFile(store.records, videoId)
  const shots = new Shots(shotStartsOf(store.records, videoId))
  const passed = passedBefore(store, place, keyframes, { reverse, frameCount: file.frameCount })
  const replayed = replayWalk([...passed, passedFrame(beneath.stored)], {
    ...{ shots, frame: file, modelSizePx },
    tracking: { memorySelection: 'selective', followZoom },
  })
  const view = replayed.at(-1)!.view
  const isRemembered = ({ isGiven, mask, ...frame }: ReplayedFrame): boolean =>
    !isGiven && !isRunLengthEmpty(mask) && shots.areInOne(frame.frameIndex, frameIndex)
  const tracked = replayed.slice(0, -1).filter(isRemembered).slice(-trackedFrames).reverse()
  return {
    ...{ reverse, view, prompted },
    tracked: tracked.map((frame) => ({ frameIndex: frame.frameIndex, mask: frame.mask, view: frame.view })),
  }
}

/**
 * What a walk is conditioned on where a frame was prompted. A correction was answered with the memory bank of then, so
 * its mask stands for it.
 */
export function conditioningPrompts(store: ProjectStore, place: FramePlace): FramePrompts | null {
  const said = framePrompts(store, place)
  if (said?.kind !== 'points' || said.base === null) return said
  const mask = promptedMaskAt(store, place)
  return mask === null ? said : { kind: 'mask', mask }
}

/**
 * The frames that a walk passed before one, in its order, from the last prompted frame on. Where that lies far back, what
 * follows it is left out: the view rests on both.
 * @param keyframes the object's prompted frames but that one
 */
function passedBefore(
  store: ProjectStore,
  place: FramePlace,
  keyframes: readonly number[],
  { reverse, frameCount }: { readonly reverse: boolean; readonly frameCount: number },
): PassedFrame[] {
  const step = reverse ? 1 : -1
  const at = (frameIndex: number): FramePlace => ({ ...place, frameIndex })
  const isPassed = (index: number): boolean =>
    (index - place.frameIndex) * step > 0 && !isSaidAbsent(store, at(index))
  const prompted = reverse ? keyframes.find(isPassed) : keyframes.findLast(isPassed)
  const tracked: PassedFrame[] = []
  for (let distance = 1; distance <= framesLookedBackOn; distance++) {
    const frameIndex = place.frameIndex + distance * step
    if (frameIndex < 0 || frameIndex >= frameCount || frameIndex === prompted) break
    if (isSaidAbsent(store, at(frameIndex))) continue
    const beneath = beneathPrompts(store, at(frameIndex))
    if (beneath === null) break
    tracked.push(passedFrame(beneath.stored))
  }
  const mask = prompted === undefined ? null : promptedMaskAt(store, at(prompted))
  const given = mask === null ? [] : [{ frameIndex: prompted!, mask, predictedIou: null, isGiven: true }]
  return [...given, ...tracked.reverse()]
}

function passedFrame({ frameIndex, mask, scores }: StoredMask): PassedFrame {
  return { frameIndex, mask, predictedIou: scores.predictedIou, isGiven: false }
}

/** Of a run both ways: whether the frame lies before the prompted frame from which it most likely came. */
function wasTrackedBackwards(
  store: ProjectStore,
  { frameIndex }: FramePlace,
  versionId: number,
  keyframes: readonly number[],
): boolean {
  const runId = store.records.get('versions', versionId)?.runId ?? null
  const request = runId === null ? undefined : store.records.get('runs', runId)?.request
  if (request !== undefined && request.direction !== 'both') return request.direction === 'backward'
  const start = request?.startFrame ?? nearestTo(frameIndex, keyframes)
  return start !== null && frameIndex < start
}
