import type { Mark } from '../../../contract/history.ts'
import { LIMITS } from '../../../contract/limits.ts'
import type { Draft } from '../draft.ts'
import { InvalidEditError } from '../project-errors.ts'
import type { ProjectStore } from '../project-store.ts'
import { requireClass } from './require-records.ts'
import { lastPlace, reorder } from './sort-order.ts'

function requireFreeName(draft: Draft, name: string, exceptId: number | null): void {
  if (draft.all('classes').some((other) => other.id !== exceptId && other.name === name)) {
    throw new InvalidEditError(`There is a class ${name} already.`)
  }
}

/** Adds a class within an edit. @returns its id */
export function putClass(draft: Draft, name: string): number {
  if (draft.all('classes').length >= LIMITS.classes) {
    throw new InvalidEditError(`A project holds ${String(LIMITS.classes)} classes at most.`)
  }
  requireFreeName(draft, name, null)
  const id = draft.newId()
  draft.put('classes', { id, name, sortOrder: lastPlace(draft, 'classes') })
  return id
}

export function addClass(
  store: ProjectStore,
  name: string,
  mark?: Mark,
): { revision: number; classId: number } {
  const { revision, value } = store.edit({ action: 'class.add', subject: name, mark }, ({ draft }) =>
    putClass(draft, name),
  )
  return { revision, classId: value }
}

export function renameClass(store: ProjectStore, classId: number, name: string, mark?: Mark): number {
  return store.edit({ action: 'class.rename', subject: name, mark }, ({ draft }) => {
    const objectClass = requireClass(draft, classId)
    requireFreeName(draft, name, classId)
    draft.put('classes', { ...objectClass, name })
  }).revision
}

/** `classIds` names every class once, in its new order. */
export function reorderClasses(store: ProjectStore, classIds: readonly number[], mark?: Mark): number {
  return store.edit({ action: 'class.reorder', mark }, ({ draft }) => {
    reorder(draft, 'classes', classIds)
  }).revision
}

/** Its objects are left without a class. */
export function deleteClass(store: ProjectStore, classId: number, mark?: Mark): number {
  const subject = store.records.get('classes', classId)?.name ?? null
  return store.edit({ action: 'class.delete', subject, mark }, ({ draft }) => {
    requireClass(draft, classId)
    for (const object of draft.all('objects')) {
      if (object.classId === classId) draft.put('objects', { ...object, classId: null })
    }
    draft.remove('classes', classId)
  }).revision
}
