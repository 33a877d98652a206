import { deleteMasks, FRAMES_PER_VERSION, maskId, versionsWithMasks } from './mask-table.ts'
import type { ProjectStore } from './project-store.ts'

function maskBytes(store: ProjectStore, versionId: number): number {
  const row = store.database.row(
    'SELECT total(length(counts)) FROM masks WHERE id BETWEEN ? AND ?',
    maskId(versionId, 0),
    maskId(versionId, FRAMES_PER_VERSION - 1),
  )
  return row![0] as number
}

function fileBytes(store: ProjectStore): number {
  const pages = store.database.row('PRAGMA page_count')![0] as number
  const free = store.database.row('PRAGMA freelist_count')![0] as number
  const pageSize = store.database.row('PRAGMA page_size')![0] as number
  return (pages - free) * pageSize
}

function shownVersions(store: ProjectStore): Set<number> {
  return new Set([...store.records.all('spans')].map(({ versionId }) => versionId))
}

/** Forgets the oldest steps while the masks that only undo or redo could bring back take more than the budget. */
function boundHistory(store: ProjectStore, shown: ReadonlySet<number>): void {
  const bytes = new Map<number, number>()
  for (;;) {
    let hidden = 0
    for (const versionId of store.history.versionsSpokenOf()) {
      if (shown.has(versionId)) continue
      if (!bytes.has(versionId)) bytes.set(versionId, maskBytes(store, versionId))
      hidden += bytes.get(versionId)!
    }
    const oldest = store.history.oldestDone()
    if (hidden <= store.options.retainedMaskBytes || oldest === null) return
    store.database.transact(() => {
      store.history.remove(oldest.id)
    })
  }
}

/** Superseded versions that nothing needs: answers to prompts, and tracks beyond the budget, oldest first. */
function versionsToForget(store: ProjectStore, shown: ReadonlySet<number>, measure: boolean): number[] {
  const spokenOf = store.history.versionsSpokenOf()
  const idle = [...store.records.all('versions')]
    .filter(({ id }) => !shown.has(id) && !spokenOf.has(id))
    .sort((a, b) => b.id - a.id)
  let kept = 0
  return idle
    .filter(({ id, origin }) => {
      if (origin === 'prompt') return true
      if (measure) kept += maskBytes(store, id)
      return kept > store.options.retainedMaskBytes
    })
    .map(({ id }) => id)
}

/**
 * Lets go of masks that can never be seen again, and of the oldest superseded ones beyond the budget. The file's pages
 * are used again by later masks. Returns how many versions' masks were deleted.
 */
export function collectGarbage(store: ProjectStore): number {
  const shown = shownVersions(store)
  const measure = fileBytes(store) > store.options.retainedMaskBytes
  if (measure) boundHistory(store, shown)
  const forgotten = versionsToForget(store, shown, measure)
  store.editOutsideHistory((draft) => {
    for (const id of forgotten) draft.remove('versions', id)
  })
  const spokenOf = store.history.versionsSpokenOf()
  let deleted = 0
  for (const versionId of versionsWithMasks(store.database)) {
    if (store.records.get('versions', versionId) !== undefined || spokenOf.has(versionId)) continue
    store.database.transact(() => {
      deleteMasks(store.database, versionId)
    })
    deleted++
  }
  return deleted
}
