import type { FrameSpan } from '../../contract/scalars.ts'
import type { Lane, LaneSpan, Quality, TimelineSummary } from '../../contract/timeline.ts'
import type { MaskScores, TrackSpan } from '../../contract/tracking.ts'
import { countedParts, query, runsWhere, spansOfLane, type LaneRange } from './lane-parts.ts'
import { maskId, reasonsFromBits } from './mask-table.ts'
import type { ProjectStore } from './project-store.ts'
import { framesIn, suspectStretches } from './suspects.ts'

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
    for (const run of runsWhere(store, span, 'area_px = 0')) {
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

/** The quality strip, summed by the database so that no mask is read. */
function laneQuality(
  store: ProjectStore,
  spans: readonly TrackSpan[],
  range: LaneRange,
  bucketCount: number,
): Quality {
  const frames = range.last - range.first + 1
  const framesPerBucket = Math.max(1, Math.ceil(frames / bucketCount))
  const buckets = Math.ceil(frames / framesPerBucket)
  const predictedIou = new Array<number | null>(buckets).fill(null)
  const suspicion = new Array<number | null>(buckets).fill(null)
  for (const { versionId, first, last } of spans) {
    const rows = query(
      store,
      `SELECT (id - CAST(? AS INTEGER)) / CAST(? AS INTEGER) AS bucket, min(predicted_iou), max(suspicion)
       FROM mask_scores WHERE id BETWEEN ? AND ? GROUP BY bucket`,
      maskId(versionId, range.first),
      framesPerBucket,
      maskId(versionId, first),
      maskId(versionId, last),
    ) as [number, number | null, number | null][]
    for (const [bucket, iou, suspect] of rows) {
      predictedIou[bucket] = lowest(predictedIou[bucket], iou)
      suspicion[bucket] = highest(suspicion[bucket], suspect)
    }
  }
  return { framesPerBucket, predictedIou, suspicion }
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
  { bucketCount, suspicionThreshold }: { bucketCount: number; suspicionThreshold: number },
): TimelineSummary {
  const { videoId, first, last } = range
  const objectIds = range.objectIds ?? store.project().objects.map(({ id }) => id)
  const suspects: FrameSpan[] = []
  const lanes = objectIds.map((objectId): Lane => {
    const lane = { videoId, objectId, first, last }
    const spans = spansOfLane(store, lane)
    const counted = countedParts(store, lane, spans)
    const scored = store.laneMemo.recall(lane, JSON.stringify([lane, spans, counted, bucketCount]), () => ({
      spans: laneSpans(store, spans),
      quality: laneQuality(store, counted, lane, bucketCount),
    }))
    const stretches = suspectStretches(store, lane, suspicionThreshold)
    suspects.push(...stretches)
    return { objectId, keyframes: keyframesOf(store, lane), ...scored, suspectCount: framesIn(stretches) }
  })
  return { revision: store.revision, videoId, first, last, lanes, suspectCount: framesIn(suspects) }
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
