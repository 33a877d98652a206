import type { FrameSpan } from '../../contract/scalars.ts'
import type { Suspect } from '../../contract/timeline.ts'
import { countedParts, query, runsWhere, spansOfLane, type LaneRange } from './lane-parts.ts'
import { FRAMES_PER_VERSION, maskId, reasonsFromBits } from './mask-table.ts'
import type { ProjectStore } from './project-store.ts'

/** A run of neighbouring frames of one object whose suspicion is above the threshold. */
interface Stretch extends FrameSpan {
  /** What holds the mask of its first frame. */
  readonly versionId: number
}

/** The suspect stretches of an object within a range, in order. */
export function suspectStretches(
  store: ProjectStore,
  lane: LaneRange,
  suspicionThreshold: number,
): readonly Stretch[] {
  const parts = countedParts(store, lane, spansOfLane(store, lane))
  const key = JSON.stringify(['suspects', lane.videoId, lane.objectId, parts, suspicionThreshold])
  return store.laneMemo.recall(lane, key, () => {
    const stretches: Stretch[] = []
    for (const part of parts) {
      for (const run of runsWhere(store, part, 'suspicion > ?', suspicionThreshold)) {
        const newest = stretches.at(-1)
        if (newest !== undefined && newest.last + 1 === run.first)
          stretches[stretches.length - 1] = { ...newest, last: run.last }
        else stretches.push({ ...run, versionId: part.versionId })
      }
    }
    return stretches
  })
}

/** How many frames lie in at least one of these. */
export function framesIn(spans: readonly FrameSpan[]): number {
  let count = 0
  let next = 0
  for (const { first, last } of [...spans].sort((a, b) => a.first - b.first)) {
    count += Math.max(0, last + 1 - Math.max(first, next))
    next = Math.max(next, last + 1)
  }
  return count
}

/** Where a person is. */
interface StandingPlace {
  readonly videoId: number
  /** Whose suspect stretches are gone through; null: all objects'. */
  readonly objectIds: readonly number[] | null
  readonly fromFrame: number
  /** The object that is selected. */
  readonly fromObjectId: number | null
}

/**
 * The first frame of the next suspect stretch, or of the one before. Stretches that begin on one frame come one after
 * the other, in the order of their objects, and all of them where none of them is the one that is stood on.
 */
export function readNextSuspect(
  store: ProjectStore,
  { videoId, objectIds, fromFrame, fromObjectId }: StandingPlace,
  direction: 'forward' | 'backward',
  suspicionThreshold: number,
): (Suspect & { objectId: number }) | null {
  const wholeFilm = { first: 0, last: FRAMES_PER_VERSION - 1 }
  const stops = (objectIds ?? store.project().objects.map(({ id }) => id))
    .flatMap((objectId) =>
      suspectStretches(store, { videoId, objectId, ...wholeFilm }, suspicionThreshold).map(
        ({ first, versionId }) => ({ objectId, frameIndex: first, versionId }),
      ),
    )
    .sort((a, b) => a.frameIndex - b.frameIndex)
  const standsOn = stops.findIndex(
    ({ objectId, frameIndex }) => objectId === fromObjectId && frameIndex === fromFrame,
  )
  const isForward = direction === 'forward'
  const next =
    standsOn >= 0
      ? stops[standsOn + (isForward ? 1 : -1)]
      : isForward
        ? stops.find(({ frameIndex }) => frameIndex >= fromFrame)
        : stops.findLast(({ frameIndex }) => frameIndex <= fromFrame)
  if (next === undefined) return null
  const { objectId, frameIndex, versionId } = next
  const [row] = query(
    store,
    'SELECT suspicion, reasons FROM mask_scores WHERE id = ?',
    maskId(versionId, frameIndex),
  ) as [number, number][]
  if (row === undefined) return null
  return { objectId, frameIndex, suspicion: row[0], reasons: reasonsFromBits(row[1]) }
}
