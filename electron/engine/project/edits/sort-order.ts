import type { Draft } from '../draft.ts'
import { InvalidEditError } from '../project-errors.ts'

type Sortable = 'videos' | 'objects' | 'classes'

/** A place after all others. */
export function lastPlace(draft: Draft, name: Sortable): number {
  let last = -1
  for (const { sortOrder } of draft.all(name)) last = Math.max(last, sortOrder)
  return last + 1
}

/** Gives the records the order of `ids`, which must name each of them once. */
export function reorder(draft: Draft, name: Sortable, ids: readonly number[]): void {
  const records = draft.all(name)
  if (records.length !== ids.length || new Set(ids).size !== ids.length) {
    throw new InvalidEditError('The list has changed meanwhile. Sort it again.')
  }
  for (const [sortOrder, id] of ids.entries()) {
    const record = draft.get(name, id)
    if (record === undefined) throw new InvalidEditError('The list has changed meanwhile. Sort it again.')
    draft.put(name, { ...record, sortOrder })
  }
}
