import type { ShotBoundary } from '../../../contract/project.ts'
import type { RunState, TrackRequest, TrackRun } from '../../../contract/tracking.ts'
import { LIMITS } from '../../../contract/limits.ts'
import { FRAMES_PER_VERSION, maskId } from '../mask-table.ts'
import { TrackRunEndedError } from '../project-errors.ts'
import type { ProjectStore } from '../project-store.ts'
import { putMasksOfObjects, type NewMask } from './mask-edits.ts'
import { requireFrame, requireRun, requireUnlocked } from './require-records.ts'
import { shotStartsOf } from '../video-shots.ts'
import { setStale } from './span-edits.ts'

const ENDED: ReadonlySet<RunState> = new Set(['finished', 'cancelled', 'failed'])

/** Ties a run's batches into one step. No mark of the interface can look like this. */
function runMark(runId: number): string {
  return `run:${String(runId)}`
}

export function isRunEnded(run: TrackRun): boolean {
  return ENDED.has(run.state)
}

/** Puts down that a run begins. Its masks come with `appendTrackedMasks`. */
export function startRun(
  store: ProjectStore,
  run: { request: TrackRequest; model: string; framesTotal: number },
): { revision: number; run: TrackRun } {
  const { revision, value } = store.edit({ action: 'track.start' }, ({ draft, now }) => {
    const { request, model, framesTotal } = run
    requireFrame(draft, request.videoId)
    for (const objectId of request.objectIds) requireUnlocked(draft, objectId)
    const started: TrackRun = {
      id: draft.newId(),
      request,
      state: 'waiting',
      model,
      framesDone: 0,
      framesTotal,
      createdAt: now,
      failure: null,
    }
    draft.put('runs', started)
    return started
  })
  return { revision, run: value }
}

/** Changes what is remembered of a run. A run that has ended stays as it ended. */
export function updateRun(
  store: ProjectStore,
  runId: number,
  change: Partial<Pick<TrackRun, 'state' | 'framesDone' | 'framesTotal' | 'failure'>>,
): { revision: number; run: TrackRun } {
  const { revision, value } = store.edit({ action: 'track.update' }, ({ draft }) => {
    const run = requireRun(draft, runId)
    if (isRunEnded(run) && change.state !== undefined && change.state !== run.state)
      throw new TrackRunEndedError()
    const next = { ...run, ...change }
    draft.put('runs', next)
    return next
  })
  return { revision, run: value }
}

/**
 * Stores a batch of a run's masks and shows them, as part of the run's one step in the history. On disk when this
 * returns. Throws TrackRunEndedError when the run was cancelled or undone meanwhile: whoever makes the masks stops.
 */
export function appendTrackedMasks(
  store: ProjectStore,
  runId: number,
  masks: readonly NewMask[],
  framesDone: number,
): number {
  const run = requireRun(store.records, runId)
  if (isRunEnded(run)) throw new TrackRunEndedError()
  return store.edit(stepOf(store, run), (context) => {
    const source = { videoId: run.request.videoId, origin: 'track', runId, model: run.model } as const
    putMasksOfObjects(context, source, masks)
    context.draft.put('runs', { ...run, framesDone })
  }).revision
}

/** Puts down that a shot begins where a run came by, as part of the run's step; one that is known there stays as it is. */
export function appendFoundShot(
  store: ProjectStore,
  runId: number,
  found: Pick<ShotBoundary, 'frameIndex' | 'kind' | 'confidence'>,
): number {
  const run = requireRun(store.records, runId)
  if (isRunEnded(run)) throw new TrackRunEndedError()
  return store.edit(stepOf(store, run), ({ draft }) => {
    const { videoId } = run.request
    requireFrame(draft, videoId, found.frameIndex)
    if (!shotStartsOf(draft, videoId).includes(found.frameIndex))
      draft.put('shots', { id: draft.newId(), videoId, ...found, source: 'detected' })
  }).revision
}

/** The one step in the history that all of a run is part of. */
function stepOf(store: ProjectStore, { id, request }: TrackRun) {
  const names = request.objectIds.map((objectId) => store.records.get('objects', objectId)?.name ?? '')
  const subject = names.join(', ').slice(0, LIMITS.nameLength)
  return { action: 'track.start', subject, mark: runMark(id), join: 'anywhere', runId: id } as const
}

/** What a run has stored for each of its objects; resuming goes on from there. */
export interface RunCoverage {
  readonly objectId: number
  readonly versionId: number
  readonly first: number
  readonly last: number
  readonly frameCount: number
}

export function runCoverage(store: ProjectStore, runId: number): RunCoverage[] {
  const coverage: RunCoverage[] = []
  for (const { id, objectId, runId: madeBy } of store.records.all('versions')) {
    if (madeBy !== runId) continue
    const row = store.database.row(
      'SELECT min(id), max(id), count(*) FROM mask_scores WHERE id BETWEEN ? AND ?',
      maskId(id, 0),
      maskId(id, FRAMES_PER_VERSION - 1),
    )
    const [first, last, frameCount] = row as [number | null, number | null, number]
    if (first === null || last === null) continue
    coverage.push({
      objectId,
      versionId: id,
      first: first % FRAMES_PER_VERSION,
      last: last % FRAMES_PER_VERSION,
      frameCount,
    })
  }
  return coverage
}

/**
 * Says that masks which were stale stand after all: a correction was tracked outwards and agreed with them. Part of
 * the run's step.
 */
export function confirmMasks(
  store: ProjectStore,
  runId: number,
  span: { objectId: number; first: number; last: number },
): number {
  const run = requireRun(store.records, runId)
  const options = { action: 'track.start', mark: runMark(runId), join: 'anywhere', runId } as const
  return store.edit(options, ({ draft }) => {
    setStale(draft, { videoId: run.request.videoId, objectId: span.objectId }, span, false)
  }).revision
}

/** After a restart: runs that were under way can be resumed. */
export function interruptRuns(store: ProjectStore): void {
  store.edit({ action: 'track.update' }, ({ draft }) => {
    for (const run of draft.all('runs')) {
      if (run.state === 'running' || run.state === 'waiting')
        draft.put('runs', { ...run, state: 'interrupted' })
    }
  })
}
