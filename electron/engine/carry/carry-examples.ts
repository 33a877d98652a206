import type { RunLengthMask } from '../../contract/mask.ts'
import { isRunLengthEmpty } from '../masks/run-length-measures.ts'
import { readStoredMask } from '../project/mask-reader.ts'
import { requireObject, requireVideoFile } from '../project/edits/require-records.ts'
import { maskId } from '../project/mask-table.ts'
import type { ProjectStore } from '../project/project-store.ts'
import { keyframesOf } from '../runs/run-plan.ts'
import { trackedVideo } from '../session/frame-prompts.ts'
import type { TrackedVideo } from '../tracking/tracker-protocol.ts'
import { NothingToTrack } from '../tracking/tracking-errors.ts'

/** A frame that shows an object as it is. */
export interface CarryExample {
  readonly video: TrackedVideo
  readonly frameIndex: number
  readonly mask: RunLengthMask
}

/** As many conditioning frames as the official training saw, and half as many tracked ones. */
const promptedExamples = 4
const trackedExamples = 2

/**
 * As `findExamples`.
 * @throws NothingToTrack for an object without a mask in those videos; UnknownRecordError
 */
export function examplesOf(
  store: ProjectStore,
  objectId: number,
  searched: ReadonlySet<number>,
): CarryExample[] {
  const { name } = requireObject(store.records, objectId)
  const examples = findExamples(store, objectId, searched)
  if (examples.length > 0) return examples
  throw new NothingToTrack(`${name} has no mask in the other videos, so nothing tells how it looks.`)
}

/**
 * Frames to know an object by, from all videos but those that are searched: its conditioning frames, spread over what
 * there is, then the tracked frames of which the model was surest, one a span.
 */
export function findExamples(
  store: ProjectStore,
  objectId: number,
  searched: ReadonlySet<number>,
): CarryExample[] {
  const videoIds = [...store.records.all('videos')].map(({ id }) => id).filter((id) => !searched.has(id))
  const prompted = videoIds.flatMap((videoId) =>
    keyframesOf(store, videoId, objectId).map((frameIndex) => ({ videoId, frameIndex })),
  )
  const tracked = videoIds.flatMap((videoId) => surestFrames(store, videoId, objectId))
  const examples: CarryExample[] = []
  const take = (places: readonly { videoId: number; frameIndex: number }[], atMost: number): void => {
    const wanted = examples.length + atMost
    for (const { videoId, frameIndex } of places) {
      if (examples.length >= wanted) return
      const mask = presentMask(store, videoId, objectId, frameIndex)
      if (mask === null || isRunLengthEmpty(mask)) continue
      examples.push({ video: trackedVideo(requireVideoFile(store.records, videoId)), frameIndex, mask })
    }
  }
  take(spread(prompted, promptedExamples), promptedExamples)
  take(tracked, trackedExamples)
  return examples
}

/** The tracked frame of each span that has the highest predicted IoU, the best first. */
function surestFrames(store: ProjectStore, videoId: number, objectId: number) {
  return [...store.records.ofObject('spans', videoId, objectId)]
    .flatMap(({ versionId, first, last, stale }) => {
      if (stale || store.records.get('versions', versionId)?.origin === 'prompt') return []
      const [row] = store.database.rows(
        `SELECT id - ?, coalesce(predicted_iou, 1) AS iou FROM mask_scores
         WHERE id BETWEEN ? AND ? AND area_px > 0 ORDER BY iou DESC, id LIMIT 1`,
        maskId(versionId, 0),
        maskId(versionId, first),
        maskId(versionId, last),
      ) as [number, number][]
      return row === undefined ? [] : [{ videoId, frameIndex: row[0], predictedIou: row[1] }]
    })
    .sort((a, b) => b.predictedIou - a.predictedIou)
}

function presentMask(
  store: ProjectStore,
  videoId: number,
  objectId: number,
  frameIndex: number,
): RunLengthMask | null {
  const span = [...store.records.ofObject('spans', videoId, objectId)].find(
    ({ first, last }) => first <= frameIndex && frameIndex <= last,
  )
  return span === undefined ? null : (readStoredMask(store, span.versionId, frameIndex)?.mask ?? null)
}

/** At most so many of them, evenly from the first to the last. */
function spread<Item>(items: readonly Item[], count: number): Item[] {
  if (items.length <= count) return [...items]
  return Array.from(
    { length: count },
    (_, place) => items[Math.round((place * (items.length - 1)) / (count - 1))]!,
  )
}
