import type { RunLengthMask } from '../../contract/mask.ts'
import { runLengthBulkBox } from '../masks/run-length-bulk.ts'
import type { PixelBox } from '../masks/run-length-measures.ts'
import { followView, promptView, searchView, type FrameSize } from './follow-zoom.ts'
import { seenAgain } from './presence-judge.ts'
import type { Shots } from './shots.ts'
import type { TrackingOptions } from './tracking-options.ts'
import { crumbs } from './view-masks.ts'

/** A frame that a walk has passed, as it is stored. */
export interface PassedFrame {
  readonly frameIndex: number
  readonly mask: RunLengthMask
  /** null for a mask that no model made. */
  readonly predictedIou: number | null
  /** It was prompted. */
  readonly isGiven: boolean
}

/** The same with what the walk knew of the object when it had passed it. */
export interface ReplayedFrame extends PassedFrame {
  readonly view: PixelBox | null
  readonly usualIou: number | null
  readonly isFound: boolean
  readonly isExample: boolean
}

export interface ReplayOptions {
  readonly tracking: Pick<TrackingOptions, 'memorySelection' | 'followZoom'>
  readonly shots: Shots
  readonly frame: FrameSize
  readonly modelSizePx: number
}

interface State extends ReplayedFrame {
  /** Where the object was seen last in the frame's shot; null before it was. */
  readonly box: PixelBox | null
  readonly wasSeenInShot: boolean
}

/**
 * What a walk knew of an object frame by frame, from its stored masks and scores: the rules of `ObjectFollower` without
 * the model.
 * @param passed in the order of the walk; it begins with a prompted frame, or so far back that what was before is of
 *   little weight
 */
export function replayWalk(passed: readonly PassedFrame[], options: ReplayOptions): ReplayedFrame[] {
  const states: State[] = []
  for (const frame of passed) states.push(stateAfter(states.at(-1) ?? null, frame, options))
  return states
}

/**
 * The frames by which a walk that goes on knows the object: the newest that show it, those that show it well, by which it
 * is found again when it was gone, and the newest of all, which says whether it is.
 * @param slots frames that the memory bank holds
 */
export function framesToRecall(replayed: readonly ReplayedFrame[], slots: number): ReplayedFrame[] {
  const tracked = replayed.filter(({ isGiven }) => !isGiven)
  const found = tracked.filter(({ isFound }) => isFound)
  const examples = found.filter(({ isExample }) => isExample)
  // Since it was gone there is doubt until it is seen.
  const gone = tracked.filter(({ isFound }) => !isFound).slice(-1)
  const wanted = new Set([...found.slice(-slots), ...examples.slice(-slots), ...gone, ...tracked.slice(-1)])
  return tracked.filter((frame) => wanted.has(frame))
}

function stateAfter(before: State | null, passed: PassedFrame, options: ReplayOptions): State {
  const { tracking, shots, frame, modelSizePx } = options
  const own = runLengthBulkBox(passed.mask, crumbs)
  const isOneShot = before === null || shots.areInOne(before.frameIndex, passed.frameIndex)
  const usualIou = before?.usualIou ?? null
  const wasSeenInShot = isOneShot && (before?.wasSeenInShot ?? true)
  if (passed.isGiven) {
    const view = tracking.followZoom && own !== null ? promptView(own, frame, modelSizePx) : null
    return { ...passed, view, usualIou, isFound: true, isExample: true, box: own, wasSeenInShot: true }
  }
  const view = viewOf(isOneShot ? before : null, own, options)
  const box = own ?? (isOneShot ? (before?.box ?? null) : null)
  if (tracking.memorySelection === 'sam2')
    return { ...passed, view, usualIou, isFound: true, isExample: true, box: own, wasSeenInShot }
  if (own === null) return { ...passed, view, usualIou, isFound: false, isExample: false, box, wasSeenInShot }
  const seen =
    passed.predictedIou === null
      ? { isExample: true, usualIou }
      : seenAgain(passed.predictedIou, wasSeenInShot ? usualIou : null)
  return { ...passed, view, ...seen, isFound: true, box, wasSeenInShot: true }
}

/** The view that the walk had of a frame; one that does not hold its mask was another. */
function viewOf(before: State | null, own: PixelBox | null, options: ReplayOptions): PixelBox | null {
  const { tracking, frame, modelSizePx } = options
  if (!tracking.followZoom || before === null || before.box === null) return null
  const follow = (box: PixelBox): PixelBox | null => followView(box, before.view, frame, modelSizePx)
  const view = before.isFound ? follow(before.box) : searchView(before.box, before.view, frame)
  return view === null || own === null || isWithin(own, view) ? view : follow(own)
}

function isWithin(part: PixelBox, whole: PixelBox): boolean {
  return (
    part.leftPx >= whole.leftPx &&
    part.topPx >= whole.topPx &&
    part.leftPx + part.widthPx <= whole.leftPx + whole.widthPx &&
    part.topPx + part.heightPx <= whole.topPx + whole.heightPx
  )
}
