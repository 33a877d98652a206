import type { FrameMask } from '../../contract/tracking.ts'
import { isDamage, type SqlRow } from './database.ts'
import { MASK_ROW, maskFromRow, maskId, type StoredMask } from './mask-table.ts'
import type { ProjectStore } from './project-store.ts'
import { UnknownRecordError } from './project-errors.ts'

/** Most characters of masks in one answer, so that a message stays within its bounds. */
const MAX_ANSWER_CHARACTERS = 64 * 1_048_576

export interface MasksAnswer {
  /** Ordered by frame, then object. */
  readonly masks: FrameMask[]
  /** First frame that did not fit; null when all are here. */
  readonly nextFrame: number | null
}

/** Height and width of a video's masks. */
function maskSize(store: ProjectStore, videoId: number): readonly [number, number] {
  const file = store.records.get('videoFiles', videoId)
  if (file === undefined) throw new UnknownRecordError('video')
  return [file.heightPx, file.widthPx]
}

function readRows(store: ProjectStore, versionId: number, first: number, last: number): SqlRow[] {
  try {
    return store.database.rows(
      `SELECT ${MASK_ROW} WHERE m.id BETWEEN ? AND ? ORDER BY m.id`,
      maskId(versionId, first),
      maskId(versionId, last),
    )
  } catch (error) {
    if (isDamage(error)) store.reportDamage()
    throw error
  }
}

/** Masks of a version by frame. One that does not hold what was written is left out and reported as damage. */
export function readVersionMasks(
  store: ProjectStore,
  versionId: number,
  first: number,
  last: number,
): StoredMask[] {
  const version = store.records.get('versions', versionId)
  if (version === undefined) throw new UnknownRecordError('version')
  const size = maskSize(store, version.videoId)
  const masks: StoredMask[] = []
  for (const row of readRows(store, versionId, first, last)) {
    const mask = maskFromRow(row, size)
    if (mask === null) store.reportDamage()
    else masks.push(mask)
  }
  return masks
}

export function readStoredMask(
  store: ProjectStore,
  versionId: number,
  frameIndex: number,
): StoredMask | null {
  return readVersionMasks(store, versionId, frameIndex, frameIndex)[0] ?? null
}

/** Frames that the person called absent hide their masks without losing them. */
function isSaidAbsent(
  store: ProjectStore,
  videoId: number,
  objectId: number,
): (frameIndex: number) => boolean {
  const absent = [...store.records.ofObject('presence', videoId, objectId)].filter(
    ({ presence }) => presence === 'absent',
  )
  return (frameIndex) => absent.some(({ first, last }) => first <= frameIndex && frameIndex <= last)
}

function readObjectMasks(
  store: ProjectStore,
  range: { videoId: number; objectId: number; first: number; last: number },
): FrameMask[] {
  const { videoId, objectId } = range
  const hidden = isSaidAbsent(store, videoId, objectId)
  const masks: FrameMask[] = []
  for (const span of store.records.ofObject('spans', videoId, objectId)) {
    const first = Math.max(range.first, span.first)
    const last = Math.min(range.last, span.last)
    if (first > last) continue
    for (const stored of readVersionMasks(store, span.versionId, first, last)) {
      if (hidden(stored.frameIndex)) continue
      const { frameIndex, areaPx, mask, scores } = stored
      const { versionId, stale } = span
      masks.push({ videoId, objectId, frameIndex, versionId, stale, areaPx, mask, ...scores })
    }
  }
  return masks
}

/**
 * Present masks of some objects (null: all) on frames `first` to `last`, at most about `limit` of them: whole frames
 * only, and at least one frame. Masks under a range that the person called absent are left out.
 */
export function readPresentMasks(
  store: ProjectStore,
  range: { videoId: number; objectIds: readonly number[] | null; first: number; last: number; limit: number },
): MasksAnswer {
  const { videoId, limit } = range
  const objectIds = range.objectIds ?? [...store.records.all('objects')].map(({ id }) => id)
  const last = Math.min(range.last, (store.records.get('videoFiles', videoId)?.frameCount ?? 0) - 1)
  const windowFrames = Math.max(1, Math.floor(Math.min(limit, 2_000) / Math.max(1, objectIds.length)))
  const masks: FrameMask[] = []
  let characters = 0
  for (let first = range.first; first <= last; first += windowFrames) {
    if (masks.length + objectIds.length * windowFrames > limit && masks.length > 0)
      return { masks, nextFrame: first }
    if (characters > MAX_ANSWER_CHARACTERS) return { masks, nextFrame: first }
    const window = { videoId, first, last: Math.min(last, first + windowFrames - 1) }
    const found = objectIds.flatMap((objectId) => readObjectMasks(store, { ...window, objectId }))
    found.sort((a, b) => a.frameIndex - b.frameIndex || a.objectId - b.objectId)
    for (const mask of found) {
      masks.push(mask)
      characters += mask.mask.counts.length
    }
  }
  return { masks, nextFrame: null }
}

/** Masks of one version, present or not, as many as `limit`. */
export function readVersion(
  store: ProjectStore,
  range: { versionId: number; first: number; last: number; limit: number },
): MasksAnswer {
  const version = store.records.get('versions', range.versionId)
  if (version === undefined) throw new UnknownRecordError('version')
  const last = Math.min(range.last, range.first + range.limit - 1)
  const { videoId, objectId, id: versionId } = version
  const masks = readVersionMasks(store, versionId, range.first, last).map(
    ({ frameIndex, areaPx, mask, scores }): FrameMask => ({
      videoId,
      objectId,
      frameIndex,
      versionId,
      stale: false,
      areaPx,
      mask,
      ...scores,
    }),
  )
  return { masks, nextFrame: last < range.last ? last + 1 : null }
}
