import type { TrackRequest, TrackRun } from '../../contract/tracking.ts'
import { runCoverage } from '../project/edits/run-edits.ts'
import { requireUnlocked, requireVideo, requireVideoFile } from '../project/edits/require-records.ts'
import type { ProjectStore } from '../project/project-store.ts'
import { NothingToTrack } from '../tracking/tracking-errors.ts'

/** Where each object's tracking goes on in a leg, and where the leg ends. */
export interface Leg {
  readonly reverse: boolean
  /** Next frame of each object that takes part. */
  readonly next: ReadonlyMap<number, number>
  /** Last frame, included. */
  readonly last: number
}

export interface RunPlan {
  /** Forward first, then backward. */
  readonly legs: readonly Leg[]
  /** Where each object starts: mostly a frame that stands for itself already. */
  readonly starts: ReadonlyMap<number, number>
  /** Frames that all legs look at. */
  readonly frameCount: number
}

/** Frames that a leg looks at, in order; empty when every object is at its end. */
export function framesOf({ reverse, next, last }: Leg): { first: number; count: number } {
  const starts = [...next.values()].filter((start) => (reverse ? start >= last : start <= last))
  if (starts.length === 0) return { first: last, count: 0 }
  const first = reverse ? Math.max(...starts) : Math.min(...starts)
  return { first, count: Math.abs(last - first) + 1 }
}

/** Frames of an object that a person prompted, in order. */
export function keyframesOf(store: ProjectStore, videoId: number, objectId: number): number[] {
  const frames = new Set<number>()
  for (const { frameIndex } of store.records.ofObject('prompts', videoId, objectId)) frames.add(frameIndex)
  return [...frames].sort((a, b) => a - b)
}

/** Frame where an object's tracking starts. @throws NothingToTrack for one without prompts and masks */
function startOf(store: ProjectStore, request: TrackRequest, objectId: number): number {
  if (request.startFrame !== null) return request.startFrame
  const { videoId } = request
  const playhead = store.view.videoId === videoId ? store.view.frameIndex : 0
  const nearest = nearestTo(playhead, keyframesOf(store, videoId, objectId))
  if (nearest !== null) return nearest
  const masked = maskedFrameNear(store, videoId, objectId, playhead)
  if (masked !== null) return masked
  const name = store.records.get('objects', objectId)?.name ?? 'This object'
  throw new NothingToTrack(`${name} has no prompts in this video: click it on a frame first.`)
}

export function nearestTo(frameIndex: number, frames: readonly number[]): number | null {
  let nearest: number | null = null
  for (const frame of frames)
    if (nearest === null || Math.abs(frame - frameIndex) < Math.abs(nearest - frameIndex)) nearest = frame
  return nearest
}

/** The frame nearest to one that has a present mask of the object; null where it has none. */
export function maskedFrameNear(
  store: ProjectStore,
  videoId: number,
  objectId: number,
  frameIndex: number,
): number | null {
  const spans = [...store.records.ofObject('spans', videoId, objectId)]
  return nearestTo(
    frameIndex,
    spans.map(({ first, last }) => Math.min(Math.max(frameIndex, first), last)),
  )
}

/**
 * How far an object's stored masks go on from a frame without a gap; the frame itself where none is beside it. A
 * correction cannot change more.
 */
function trackedUpTo(
  store: ProjectStore,
  videoId: number,
  objectId: number,
  frameIndex: number,
  reverse: boolean,
): number {
  const spans = [...store.records.ofObject('spans', videoId, objectId)].sort((a, b) =>
    reverse ? b.first - a.first : a.first - b.first,
  )
  let end = frameIndex
  for (const { first, last } of spans)
    if (reverse ? first < end && last >= end - 1 : last > end && first <= end + 1)
      end = reverse ? first : last
  return end
}

/** Where a leg ends: at the limit, and for a correction where the tracks end that it could change. */
function lastOf(
  store: ProjectStore,
  request: TrackRequest,
  reverse: boolean,
  starts: ReadonlyMap<number, number>,
): number {
  const limit = limitOf(store, request, reverse, [...starts.values()])
  if (request.extent === 'all') return limit
  const ends = [...starts].map(([objectId, start]) =>
    trackedUpTo(store, request.videoId, objectId, start, reverse),
  )
  return reverse ? Math.max(limit, Math.min(...ends)) : Math.min(limit, Math.max(...ends))
}

function limitOf(
  store: ProjectStore,
  request: TrackRequest,
  reverse: boolean,
  starts: readonly number[],
): number {
  const lastFrame = requireVideoFile(store.records, request.videoId).frameCount - 1
  const end = reverse ? 0 : lastFrame
  const { limit } = request
  switch (limit.kind) {
    case 'end':
      return end
    case 'markers': {
      const { inFrame, outFrame } = requireVideo(store.records, request.videoId).markers
      return (reverse ? inFrame : outFrame) ?? end
    }
    case 'steps':
      return reverse
        ? Math.max(0, Math.min(...starts) - limit.steps)
        : Math.min(lastFrame, Math.max(...starts) + limit.steps)
    case 'frame':
      return Math.min(limit.frameIndex, lastFrame)
  }
}

/**
 * Where a run goes. With a run that has stored masks the legs begin where it stopped.
 * @throws NothingToTrack, ObjectLockedError, UnknownRecordError
 */
export function planRun(store: ProjectStore, request: TrackRequest, run: TrackRun | null): RunPlan {
  const { videoId, direction } = request
  const { frameCount } = requireVideoFile(store.records, videoId)
  const objectIds =
    run === null ? request.objectIds : request.objectIds.filter((id) => isTrackable(store, id))
  if (run === null) for (const objectId of objectIds) requireUnlocked(store.records, objectId)
  const starts = new Map(
    objectIds.map((objectId) => [objectId, Math.min(startOf(store, request, objectId), frameCount - 1)]),
  )
  const coverage = new Map(
    run === null ? [] : runCoverage(store, run.id).map((held) => [held.objectId, held]),
  )
  const beyond = (objectId: number, start: number, step: 1 | -1): number => {
    const goesBothWays = direction === 'both' && step === -1
    return goesBothWays || hasFreshMask(store, videoId, objectId, start) ? start + step : start
  }
  const legs: Leg[] = []
  if (direction !== 'backward') {
    const next = new Map<number, number>()
    for (const [objectId, start] of starts) {
      const first = beyond(objectId, start, 1)
      next.set(objectId, Math.max(first, (coverage.get(objectId)?.last ?? -1) + 1))
    }
    legs.push({ reverse: false, next, last: lastOf(store, request, false, starts) })
  }
  if (direction !== 'forward') {
    const next = new Map<number, number>()
    for (const [objectId, start] of starts) {
      const first = beyond(objectId, start, -1)
      next.set(objectId, Math.min(first, (coverage.get(objectId)?.first ?? frameCount) - 1))
    }
    legs.push({ reverse: true, next, last: lastOf(store, request, true, starts) })
  }
  const frameTotal = legs.reduce((sum, leg) => sum + framesOf(leg).count, 0)
  if (frameTotal === 0 && run === null && request.extent === 'untilAgreement')
    throw new NothingToTrack('There is no track beside this frame that a correction could change: use Track.')
  return { legs, starts, frameCount: frameTotal }
}

/** Whether an object has a present mask on a frame that no later correction put in doubt. */
export function hasFreshMask(
  store: ProjectStore,
  videoId: number,
  objectId: number,
  frameIndex: number,
): boolean {
  for (const { first, last, stale } of store.records.ofObject('spans', videoId, objectId))
    if (first <= frameIndex && frameIndex <= last) return !stale
  return false
}

function isTrackable(store: ProjectStore, objectId: number): boolean {
  return store.records.get('objects', objectId)?.locked === false
}

/** Whether another run has been at a frame, whichever objects it tracked. */
export function wasTrackedBefore(
  store: ProjectStore,
  videoId: number,
  frameIndex: number,
  runId: number,
): boolean {
  for (const span of store.records.all('spans')) {
    if (span.videoId !== videoId || frameIndex < span.first || frameIndex > span.last) continue
    const madeBy = store.records.get('versions', span.versionId)?.runId ?? null
    if (madeBy !== null && madeBy !== runId) return true
  }
  return false
}
