import type { FrameSpan } from '../../contract/scalars.ts'
import type { TrackSpan } from '../../contract/tracking.ts'
import { isDamage, type SqlRow, type SqlValue } from './database.ts'
import { FRAMES_PER_VERSION, maskId } from './mask-table.ts'
import type { ProjectStore } from './project-store.ts'

/** An object over frames of a video. */
export interface LaneRange {
  readonly videoId: number
  readonly objectId: number
  readonly first: number
  readonly last: number
}

/** Rows of the scores; damage is reported. */
export function query(store: ProjectStore, sql: string, ...values: SqlValue[]): SqlRow[] {
  try {
    return store.database.rows(sql, ...values)
  } catch (error) {
    if (isDamage(error)) store.reportDamage()
    throw error
  }
}

/** What is present of an object within a range, in order. */
export function spansOfLane(store: ProjectStore, { videoId, objectId, first, last }: LaneRange): TrackSpan[] {
  return [...store.records.ofObject('spans', videoId, objectId)]
    .filter((span) => span.last >= first && span.first <= last)
    .map((span) => ({ ...span, first: Math.max(span.first, first), last: Math.min(span.last, last) }))
    .sort((a, b) => a.first - b.first)
}

/** The parts of a lane's spans whose masks count: without frames that the person called absent. */
export function countedParts(
  store: ProjectStore,
  { videoId, objectId }: LaneRange,
  spans: readonly TrackSpan[],
) {
  let parts = [...spans]
  for (const said of store.records.ofObject('presence', videoId, objectId)) {
    if (said.presence !== 'absent') continue
    parts = parts.flatMap((part) =>
      [
        { ...part, last: Math.min(part.last, said.first - 1) },
        { ...part, first: Math.max(part.first, said.last + 1) },
      ].filter((rest) => rest.first <= rest.last),
    )
  }
  return parts
}

/** Runs of frames within a span whose scores meet a condition, in order. */
export function runsWhere(
  store: ProjectStore,
  { versionId, first, last }: Pick<TrackSpan, 'versionId' | 'first' | 'last'>,
  condition: 'area_px = 0' | 'suspicion > ?',
  ...values: SqlValue[]
): FrameSpan[] {
  const rows = query(
    store,
    `SELECT min(id), max(id) FROM (
       SELECT id, id - row_number() OVER (ORDER BY id) AS island FROM mask_scores
       WHERE id BETWEEN ? AND ? AND ${condition})
     GROUP BY island ORDER BY 1`,
    maskId(versionId, first),
    maskId(versionId, last),
    ...values,
  ) as [number, number][]
  return rows.map(([from, to]) => ({ first: from % FRAMES_PER_VERSION, last: to % FRAMES_PER_VERSION }))
}
