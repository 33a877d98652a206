import type { Lane, LaneSpan, Quality, Suspect, TimelineSummary } from '../../contract/timeline.ts'
import type { MaskScores, TrackSpan } from '../../contract/tracking.ts'
import { isDamage, type SqlRow, type SqlValue } from './database.ts'
import { FRAMES_PER_VERSION, maskId, reasonsFromBits } from './mask-table.ts'
import type { ProjectStore } from './project-store.ts'

interface LaneRange {
  readonly videoId: number
  readonly objectId: number
  readonly first: number
  readonly last: number
}

function query(store: ProjectStore, sql: string, ...values: SqlValue[]): SqlRow[] {
  try {
    return store.database.rows(sql, ...values)
  } catch (error) {
    if (isDamage(error)) store.reportDamage()
    throw error
  }
}

function spansOfLane(store: ProjectStore, { videoId, objectId, first, last }: LaneRange): TrackSpan[] {
  return [...store.records.ofObject('spans', videoId, objectId)]
    .filter((span) => span.last >= first && span.first <= last)
    .map((span) => ({ ...span, first: Math.max(span.first, first), last: Math.min(span.last, last) }))
    .sort((a, b) => a.first - b.first)
}

/** The parts of a lane's spans whose masks count: without frames that the person called absent. */
function countedParts(store: ProjectStore, { videoId, objectId }: LaneRange, spans: readonly TrackSpan[]) {
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

/** Runs of empty masks within a span. */
function absentRuns(
  store: ProjectStore,
  { versionId, first, last }: TrackSpan,
): { first: number; last: number }[] {
  const rows = query(
    store,
    `SELECT min(id), max(id) FROM (
       SELECT id, id - row_number() OVER (ORDER BY id) AS island FROM mask_scores
       WHERE id BETWEEN ? AND ? AND area_px = 0)
     GROUP BY island ORDER BY 1`,
    maskId(versionId, first),
    maskId(versionId, last),
  ) as [number, number][]
  return rows.map(([from, to]) => ({ first: from % FRAMES_PER_VERSION, last: to % FRAMES_PER_VERSION }))
}

function pushSpan(spans: LaneSpan[], span: LaneSpan): void {
  if (span.first > span.last) return
  const newest = spans.at(-1)
  if (newest !== undefined && newest.state === span.state && newest.last + 1 === span.first) {
    spans[spans.length - 1] = { ...newest, last: span.last }
  } else {
    spans.push(span)
  }
}

function laneSpans(store: ProjectStore, spans: readonly TrackSpan[]): LaneSpan[] {
  const drawn: LaneSpan[] = []
  for (const span of spans) {
    const present = span.stale ? 'stale' : 'tracked'
    const absent = span.stale ? 'staleAbsent' : 'absent'
    let next = span.first
    for (const run of absentRuns(store, span)) {
      pushSpan(drawn, { first: next, last: run.first - 1, state: present })
      pushSpan(drawn, { ...run, state: absent })
      next = run.last + 1
    }
    pushSpan(drawn, { first: next, last: span.last, state: present })
  }
  return drawn
}

function lowest(a: number | null | undefined, b: number | null): number | null {
  if (a === null || a === undefined) return b
  return b === null ? a : Math.min(a, b)
}

function highest(a: number | null | undefined, b: number | null): number | null {
  if (a === null || a === undefined) return b
  return b === null ? a : Math.max(a, b)
}

/** The quality strip and how many frames are suspect, summed by the database so that no mask is read. */
function laneQuality(
  store: ProjectStore,
  spans: readonly TrackSpan[],
  range: LaneRange,
  options: { bucketCount: number; suspicionThreshold: number },
): { quality: Quality; suspectCount: number } {
  const frames = range.last - range.first + 1
  const framesPerBucket = Math.max(1, Math.ceil(frames / options.bucketCount))
  const buckets = Math.ceil(frames / framesPerBucket)
  const predictedIou = new Array<number | null>(buckets).fill(null)
  const suspicion = new Array<number | null>(buckets).fill(null)
  let suspectCount = 0
  for (const { versionId, first, last } of spans) {
    const rows = query(
      store,
      `SELECT (id - CAST(? AS INTEGER)) / CAST(? AS INTEGER) AS bucket, min(predicted_iou), max(suspicion),
         count(CASE WHEN suspicion > ? THEN 1 END)
       FROM mask_scores WHERE id BETWEEN ? AND ? GROUP BY bucket`,
      maskId(versionId, range.first),
      framesPerBucket,
      options.suspicionThreshold,
      maskId(versionId, first),
      maskId(versionId, last),
    ) as [number, number | null, number | null, number][]
    for (const [bucket, iou, suspect, count] of rows) {
      predictedIou[bucket] = lowest(predictedIou[bucket], iou)
      suspicion[bucket] = highest(suspicion[bucket], suspect)
      suspectCount += count
    }
  }
  return { quality: { framesPerBucket, predictedIou, suspicion }, suspectCount }
}

function keyframesOf(store: ProjectStore, { videoId, objectId, first, last }: LaneRange): number[] {
  const frames = new Set<number>()
  for (const { frameIndex } of store.records.ofObject('prompts', videoId, objectId)) {
    if (first <= frameIndex && frameIndex <= last) frames.add(frameIndex)
  }
  return [...frames].sort((a, b) => a - b)
}

/** All that the timeline draws for some objects (null: all) over frames `first` to `last`. */
export function readTimeline(
  store: ProjectStore,
  range: { videoId: number; objectIds: readonly number[] | null; first: number; last: number },
  options: { bucketCount: number; suspicionThreshold: number },
): TimelineSummary {
  const { videoId, first, last } = range
  const objectIds = range.objectIds ?? store.project().objects.map(({ id }) => id)
  const lanes = objectIds.map((objectId): Lane => {
    const lane = { videoId, objectId, first, last }
    const spans = spansOfLane(store, lane)
    const counted = countedParts(store, lane, spans)
    const scored = store.laneMemo.recall(lane, JSON.stringify([lane, spans, counted, options]), () => ({
      spans: laneSpans(store, spans),
      ...laneQuality(store, counted, lane, options),
    }))
    return { objectId, keyframes: keyframesOf(store, lane), ...scored }
  })
  return { revision: store.revision, videoId, first, last, lanes }
}

/** The nearest suspect frame strictly after (or before) a frame, of some objects (null: all). */
export function readNextSuspect(
  store: ProjectStore,
  from: { videoId: number; objectIds: readonly number[] | null; fromFrame: number },
  direction: 'forward' | 'backward',
  suspicionThreshold: number,
): (Suspect & { objectId: number }) | null {
  const { videoId, fromFrame } = from
  const objectIds = from.objectIds ?? store.project().objects.map(({ id }) => id)
  const range =
    direction === 'forward'
      ? { first: fromFrame + 1, last: FRAMES_PER_VERSION - 1 }
      : { first: 0, last: fromFrame - 1 }
  let nearest: (Suspect & { objectId: number }) | null = null
  for (const objectId of objectIds) {
    const lane = { videoId, objectId, ...range }
    for (const { versionId, first, last } of countedParts(store, lane, spansOfLane(store, lane))) {
      const [row] = query(
        store,
        `SELECT id, suspicion, reasons FROM mask_scores WHERE id BETWEEN ? AND ? AND suspicion > ?
         ORDER BY id ${direction === 'forward' ? 'ASC' : 'DESC'} LIMIT 1`,
        maskId(versionId, first),
        maskId(versionId, last),
        suspicionThreshold,
      ) as [number, number, number][]
      if (row === undefined) continue
      const [id, suspicion, reasons] = row
      const frameIndex = id % FRAMES_PER_VERSION
      const distance = Math.abs(frameIndex - fromFrame)
      if (nearest !== null && distance >= Math.abs(nearest.frameIndex - fromFrame)) continue
      nearest = { objectId, frameIndex, suspicion, reasons: reasonsFromBits(reasons) }
    }
  }
  return nearest
}

export interface FrameScores extends MaskScores {
  readonly objectId: number
  readonly stale: boolean
  readonly areaPx: number
}

/** Area and scores of every object that has a present mask on a frame. */
export function readFrameScores(store: ProjectStore, videoId: number, frameIndex: number): FrameScores[] {
  const scores: FrameScores[] = []
  for (const { id: objectId } of store.records.all('objects')) {
    const [span] = spansOfLane(store, { videoId, objectId, first: frameIndex, last: frameIndex })
    if (span === undefined) continue
    const [row] = query(
      store,
      'SELECT area_px, object_score, predicted_iou, stability, suspicion, reasons FROM mask_scores WHERE id = ?',
      maskId(span.versionId, frameIndex),
    ) as (number | null)[][]
    if (row === undefined) continue
    const [areaPx, objectScore, predictedIou, stability, suspicion, reasons] = row
    scores.push({
      objectId,
      stale: span.stale,
      areaPx: areaPx ?? 0,
      objectScore: objectScore ?? null,
      predictedIou: predictedIou ?? null,
      stability: stability ?? null,
      suspicion: suspicion ?? null,
      suspectReasons: reasonsFromBits(reasons ?? 0),
    })
  }
  return scores
}
