import type { RunLengthMask } from '../../contract/mask.ts'
import { suspectReasonSchema, type MaskScores, type SuspectReason } from '../../contract/tracking.ts'
import { isRunLengthWhole, runLengthArea } from '../masks/run-length-measures.ts'
import { addChecksums, placeChecksum, rowChecksum } from './checksum.ts'
import type { ProjectDatabase, SqlRow, SqlValue } from './database.ts'
import type { MaskCopy, MaskWrite } from './draft.ts'

/** Frames a version can hold; a mask's row id is its version's id times this plus its frame. */
export const FRAMES_PER_VERSION = 2 ** 24
/** Row ids stay whole numbers that JavaScript can hold. */
export const MAX_VERSION_ID = 2 ** 29 - 1

export function maskId(versionId: number, frameIndex: number): number {
  return versionId * FRAMES_PER_VERSION + frameIndex
}

export interface StoredMask {
  readonly frameIndex: number
  readonly areaPx: number
  readonly mask: RunLengthMask
  readonly scores: MaskScores
}

function reasonBits(reasons: readonly SuspectReason[]): number {
  return suspectReasonSchema.options.reduce(
    (bits, name, bit) => (reasons.includes(name) ? bits | (1 << bit) : bits),
    0,
  )
}

export function reasonsFromBits(bits: number): SuspectReason[] {
  return suspectReasonSchema.options.filter((_, bit) => (bits & (1 << bit)) !== 0)
}

const SCORE_COLUMNS = 'area_px, object_score, predicted_iou, stability, suspicion, reasons'

/** Stores a mask with its scores in place of the one its version may have had on that frame. */
export function writeMask(
  database: ProjectDatabase,
  { versionId, frameIndex, mask, scores }: MaskWrite,
): void {
  const id = maskId(versionId, frameIndex)
  const place = placeChecksum(versionId, frameIndex)
  const values: SqlValue[] = [
    runLengthArea(mask),
    scores.objectScore,
    scores.predictedIou,
    scores.stability,
    scores.suspicion,
    reasonBits(scores.suspectReasons),
  ]
  database.run(
    'INSERT OR REPLACE INTO masks (id, counts, checksum) VALUES (?, ?, ?)',
    id,
    mask.counts,
    addChecksums(rowChecksum(mask.counts), place),
  )
  database.run(
    `INSERT OR REPLACE INTO mask_scores (id, ${SCORE_COLUMNS}, checksum) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    id,
    ...values,
    addChecksums(rowChecksum(...values), place),
  )
}

export function copyMasks(database: ProjectDatabase, copy: MaskCopy): void {
  const { fromVersionId, toVersionId, first, last } = copy
  const offset = (toVersionId - fromVersionId) * FRAMES_PER_VERSION
  // The checksums hold the place as a sum, so they move on by the same amount on every frame.
  const from = placeChecksum(fromVersionId, 0)
  const moved = addChecksums(placeChecksum(toVersionId, 0), 2 ** 32 - from)
  const values = [offset, moved, maskId(fromVersionId, first), maskId(fromVersionId, last)]
  const checksum = '(checksum + CAST(? AS INTEGER)) % 4294967296'
  database.run(
    `INSERT OR REPLACE INTO masks (id, counts, checksum)
     SELECT id + CAST(? AS INTEGER), counts, ${checksum} FROM masks WHERE id BETWEEN ? AND ?`,
    ...values,
  )
  database.run(
    `INSERT OR REPLACE INTO mask_scores (id, checksum, ${SCORE_COLUMNS})
     SELECT id + CAST(? AS INTEGER), ${checksum}, ${SCORE_COLUMNS} FROM mask_scores WHERE id BETWEEN ? AND ?`,
    ...values,
  )
}

export function deleteMasks(database: ProjectDatabase, versionId: number): void {
  const range = [maskId(versionId, 0), maskId(versionId, FRAMES_PER_VERSION - 1)]
  database.run('DELETE FROM masks WHERE id BETWEEN ? AND ?', ...range)
  database.run('DELETE FROM mask_scores WHERE id BETWEEN ? AND ?', ...range)
}

/** Columns: id, counts, its checksum, then the scores and theirs. */
export const MASK_ROW = `m.id, m.counts, m.checksum, s.${SCORE_COLUMNS.replaceAll(', ', ', s.')}, s.checksum
  FROM masks m JOIN mask_scores s ON s.id = m.id`

/**
 * The mask in a row of `MASK_ROW`, or null where the row does not hold what was once written.
 * @param size height and width of its picture, which it has to fill; null where they are not known and do not matter
 */
export function maskFromRow(row: SqlRow, size: readonly [number, number] | null): StoredMask | null {
  const [id, counts, checksum, ...rest] = row
  const scoreValues = rest.slice(0, -1)
  if (typeof id !== 'number' || typeof counts !== 'string') return null
  const frameIndex = id % FRAMES_PER_VERSION
  const place = placeChecksum(Math.floor(id / FRAMES_PER_VERSION), frameIndex)
  if (addChecksums(rowChecksum(counts), place) !== checksum) return null
  if (addChecksums(rowChecksum(...scoreValues), place) !== rest.at(-1)) return null
  const [areaPx, objectScore, predictedIou, stability, suspicion, reasons] = scoreValues as (number | null)[]
  // A file made by hand may have any numbers under a fitting checksum; no answer could carry them.
  if (![predictedIou, stability, suspicion].every(isUnitIntervalOrNull)) return null
  if ((areaPx ?? 0) < 0 || Math.abs(objectScore ?? 0) > 1e6) return null
  const mask: RunLengthMask = { size: size === null ? [1, 1] : [size[0], size[1]], counts }
  if (size !== null && !isRunLengthWhole(mask)) return null
  return {
    frameIndex,
    areaPx: areaPx ?? 0,
    mask,
    scores: {
      objectScore: objectScore ?? null,
      predictedIou: predictedIou ?? null,
      stability: stability ?? null,
      suspicion: suspicion ?? null,
      suspectReasons: reasonsFromBits(reasons ?? 0),
    },
  }
}

function isUnitIntervalOrNull(value: number | null | undefined): boolean {
  return value === null || value === undefined || (value >= 0 && value <= 1)
}

/** Ids of all versions that have masks, in order, found by stepping from one to the next. */
export function versionsWithMasks(database: ProjectDatabase): number[] {
  const ids: number[] = []
  let from = 0
  for (;;) {
    const row = database.row('SELECT min(id) FROM mask_scores WHERE id >= ?', from)
    const id = row?.[0]
    if (typeof id !== 'number') return ids
    const versionId = Math.floor(id / FRAMES_PER_VERSION)
    ids.push(versionId)
    from = maskId(versionId + 1, 0)
  }
}
