import type { Mark } from '../../../contract/history.ts'
import { LIMITS } from '../../../contract/limits.ts'
import { DEFAULT_CLEANUP, type Cleanup, type TrackedObject } from '../../../contract/project.ts'
import type { Draft } from '../draft.ts'
import { InvalidEditError } from '../project-errors.ts'
import type { ProjectStore } from '../project-store.ts'
import { requireClass, requireObject, requireUnlocked } from './require-records.ts'
import { lastPlace, reorder } from './sort-order.ts'

/** Collections that hold what belongs to an object, apart from the object itself. */
const BELONGINGS = ['prompts', 'alternativeChoices', 'presence', 'spans', 'versions'] as const

function freeName(draft: Draft): string {
  const taken = new Set(draft.all('objects').map(({ name }) => name))
  let number = taken.size + 1
  while (taken.has(`Object ${String(number)}`)) number++
  return `Object ${String(number)}`
}

/** The colour that fewest objects have, in the order of the list. */
export function freeColour(draft: Draft, colours: readonly string[]): string {
  const uses = new Map(colours.map((colour) => [colour, 0]))
  for (const { colour } of draft.all('objects')) {
    const count = uses.get(colour)
    if (count !== undefined) uses.set(colour, count + 1)
  }
  const [first] = [...uses].sort((a, b) => a[1] - b[1])
  return first?.[0] ?? '#4db8ff'
}

/** @throws InvalidEditError when the project holds as many objects as it can */
export function requireRoom(draft: Draft): void {
  if (draft.all('objects').length >= LIMITS.objects)
    throw new InvalidEditError(`A project holds ${String(LIMITS.objects)} objects at most.`)
}

/** What a new object is given; what is left out gets the next free name and the least used colour. */
export interface NewObject {
  readonly name?: string | undefined
  readonly colour?: string | undefined
  readonly classId?: number | null | undefined
  readonly cleanup?: Cleanup
}

/** Adds an object within an edit. @returns its id */
export function putObject(draft: Draft, object: NewObject, colours: readonly string[]): number {
  requireRoom(draft)
  if (object.classId !== undefined && object.classId !== null) requireClass(draft, object.classId)
  const id = draft.newId()
  draft.put('objects', {
    id,
    name: object.name ?? freeName(draft),
    colour: object.colour ?? freeColour(draft, colours),
    classId: object.classId ?? null,
    visible: true,
    locked: false,
    cleanup: object.cleanup ?? DEFAULT_CLEANUP,
    sortOrder: lastPlace(draft, 'objects'),
  })
  return id
}

/** Adds an object; what is left out gets the next free name and the least used of `colours`. */
export function addObject(
  store: ProjectStore,
  object: NewObject,
  colours: readonly string[],
  mark?: Mark,
): { revision: number; objectId: number } {
  const { revision, value } = store.edit({ action: 'object.add', mark }, ({ draft }) =>
    putObject(draft, object, colours),
  )
  return { revision, objectId: value }
}

function changeObjects(
  store: ProjectStore,
  action: string,
  objectIds: readonly number[],
  change: Partial<TrackedObject>,
  mark: Mark | undefined,
): number {
  const subject = objectIds.map((id) => store.records.get('objects', id)?.name ?? '').join(', ')
  return store.edit({ action, subject: subject.slice(0, LIMITS.nameLength), mark }, ({ draft }) => {
    for (const id of objectIds) draft.put('objects', { ...requireObject(draft, id), ...change })
  }).revision
}

export function renameObject(store: ProjectStore, objectId: number, name: string, mark?: Mark): number {
  return changeObjects(store, 'object.rename', [objectId], { name }, mark)
}

export function recolourObject(store: ProjectStore, objectId: number, colour: string, mark?: Mark): number {
  return changeObjects(store, 'object.recolour', [objectId], { colour }, mark)
}

export function setObjectClass(
  store: ProjectStore,
  objectIds: readonly number[],
  classId: number | null,
  mark?: Mark,
): number {
  if (classId !== null) requireClass(store.records, classId)
  return changeObjects(store, 'object.setClass', objectIds, { classId }, mark)
}

export function setObjectVisibility(
  store: ProjectStore,
  objectIds: readonly number[],
  visible: boolean,
  mark?: Mark,
): number {
  return changeObjects(store, 'object.setVisibility', objectIds, { visible }, mark)
}

export function setObjectLock(
  store: ProjectStore,
  objectIds: readonly number[],
  locked: boolean,
  mark?: Mark,
): number {
  return changeObjects(store, 'object.setLock', objectIds, { locked }, mark)
}

export function setObjectCleanup(
  store: ProjectStore,
  objectIds: readonly number[],
  cleanup: Cleanup,
  mark?: Mark,
): number {
  return changeObjects(store, 'object.setCleanup', objectIds, { cleanup }, mark)
}

/** `objectIds` names every object once, in its new order. */
export function reorderObjects(store: ProjectStore, objectIds: readonly number[], mark?: Mark): number {
  return store.edit({ action: 'object.reorder', mark }, ({ draft }) => {
    reorder(draft, 'objects', objectIds)
  }).revision
}

/** Takes an object out with all that belongs to it. */
export function removeObject(draft: Draft, objectId: number): void {
  for (const name of BELONGINGS) {
    for (const record of draft.all(name)) if (record.objectId === objectId) draft.remove(name, record.id)
  }
  draft.remove('objects', objectId)
}

export function deleteObjects(store: ProjectStore, objectIds: readonly number[], mark?: Mark): number {
  const subject = objectIds.map((id) => store.records.get('objects', id)?.name ?? '').join(', ')
  return store.edit(
    { action: 'object.delete', subject: subject.slice(0, LIMITS.nameLength), mark },
    ({ draft }) => {
      for (const id of objectIds) {
        requireUnlocked(draft, id)
        removeObject(draft, id)
      }
    },
  ).revision
}
