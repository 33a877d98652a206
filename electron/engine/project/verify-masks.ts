import { setImmediate } from 'node:timers/promises'
import { isDamage } from './database.ts'
import { FRAMES_PER_VERSION, MASK_ROW, maskFromRow, maskId, versionsWithMasks } from './mask-table.ts'
import type { ProjectStore } from './project-store.ts'

const FRAMES_AT_A_TIME = 512

/**
 * Reads every stored mask and compares it with its checksum, a few at a time so that the engine stays free for other
 * work. Damage is reported to the store's listeners. Returns how many masks are damaged.
 */
export async function verifyMasks(store: ProjectStore, signal: AbortSignal): Promise<number> {
  let damaged = 0
  try {
    for (const versionId of versionsWithMasks(store.database)) {
      let from = maskId(versionId, 0)
      const end = maskId(versionId, FRAMES_PER_VERSION - 1)
      while (from <= end) {
        await setImmediate()
        if (signal.aborted) return damaged
        const rows = store.database.rows(
          `SELECT ${MASK_ROW} WHERE m.id BETWEEN ? AND ? ORDER BY m.id LIMIT ?`,
          from,
          end,
          FRAMES_AT_A_TIME,
        )
        damaged += rows.filter((row) => maskFromRow(row, null) === null).length
        if (rows.length < FRAMES_AT_A_TIME) break
        from = (rows.at(-1)![0] as number) + 1
      }
    }
  } catch (error) {
    if (!isDamage(error)) throw error
    damaged++
  }
  if (damaged > 0) store.reportDamage()
  return damaged
}
