import type { Mark } from '../../../contract/history.ts'
import type { TrackVersion } from '../../../contract/tracking.ts'
import { FRAMES_PER_VERSION, maskId } from '../mask-table.ts'
import { InvalidEditError } from '../project-errors.ts'
import type { ProjectStore } from '../project-store.ts'
import { requireFrame, requireUnlocked, requireVersion } from './require-records.ts'
import { showVersion } from './span-edits.ts'

export interface VersionSummary {
  readonly version: TrackVersion
  readonly first: number
  readonly last: number
  readonly frameCount: number
  readonly meanPredictedIou: number | null
  /** Frames on which it is the present one. */
  readonly framesShown: number
}

/** Versions of an object in a video, newest first, with what they hold. */
export function listVersions(store: ProjectStore, videoId: number, objectId: number): VersionSummary[] {
  const shown = new Map<number, number>()
  for (const span of store.records.ofObject('spans', videoId, objectId)) {
    shown.set(span.versionId, (shown.get(span.versionId) ?? 0) + span.last - span.first + 1)
  }
  const summaries: VersionSummary[] = []
  for (const version of store.records.ofObject('versions', videoId, objectId)) {
    const row = store.database.row(
      'SELECT min(id), max(id), count(*), avg(predicted_iou) FROM mask_scores WHERE id BETWEEN ? AND ?',
      maskId(version.id, 0),
      maskId(version.id, FRAMES_PER_VERSION - 1),
    )
    const [first, last, frameCount, meanPredictedIou] = row as [
      number | null,
      number | null,
      number,
      number | null,
    ]
    if (first === null || last === null) continue
    summaries.push({
      version,
      first: first % FRAMES_PER_VERSION,
      last: last % FRAMES_PER_VERSION,
      frameCount,
      meanPredictedIou,
      framesShown: shown.get(version.id) ?? 0,
    })
  }
  return summaries.sort((a, b) => b.version.id - a.version.id)
}

/** Frames of a range that a version holds, as spans without gaps. */
export function framesOfVersion(
  store: ProjectStore,
  versionId: number,
  { first, last }: { first: number; last: number },
): { first: number; last: number }[] {
  const rows = store.database.rows(
    `SELECT min(id), max(id) FROM (
       SELECT id, id - row_number() OVER (ORDER BY id) AS island FROM mask_scores WHERE id BETWEEN ? AND ?)
     GROUP BY island ORDER BY 1`,
    maskId(versionId, first),
    maskId(versionId, last),
  )
  return (rows as [number, number][]).map(([from, to]) => ({
    first: from % FRAMES_PER_VERSION,
    last: to % FRAMES_PER_VERSION,
  }))
}

/** Makes a version the present one again over a span; frames that it does not hold stay as they are. */
export function restoreSpan(
  store: ProjectStore,
  versionId: number,
  span: { first: number; last: number },
  mark?: Mark,
): number {
  const { videoId, objectId } = requireVersion(store.records, versionId)
  const subject = store.records.get('objects', objectId)?.name ?? null
  return store.edit({ action: 'versions.restoreSpan', subject, mark }, ({ draft }) => {
    requireUnlocked(draft, objectId)
    requireFrame(draft, videoId, span.first)
    const held = framesOfVersion(store, versionId, span)
    if (held.length === 0) throw new InvalidEditError('That version has no masks on these frames.')
    for (const frames of held) {
      showVersion(draft, { videoId, objectId }, frames, { versionId, stale: false })
    }
  }).revision
}

/** Takes the present masks of objects away over a span; their versions keep them. */
export function clearSpan(
  store: ProjectStore,
  videoId: number,
  objectIds: readonly number[],
  span: { first: number; last: number },
  mark?: Mark,
): number {
  return store.edit({ action: 'track.clearSpan', mark }, ({ draft }) => {
    requireFrame(draft, videoId, span.first)
    for (const objectId of objectIds) {
      requireUnlocked(draft, objectId)
      showVersion(draft, { videoId, objectId }, span, null)
    }
  }).revision
}
