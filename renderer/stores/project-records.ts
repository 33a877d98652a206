import type { CollectionChange, CollectionName, ProjectChange } from '../../electron/contract/changes.ts'
import type { Project } from '../../electron/contract/project.ts'

type RecordOf<Name extends CollectionName> = Project[Name][number]

/** Each collection of a project by the ids of its records. Never changed in place. */
export type ProjectRecords = {
  readonly [Name in CollectionName]: ReadonlyMap<number, RecordOf<Name>>
}

export const COLLECTION_NAMES = [
  'videos',
  'objects',
  'classes',
  'prompts',
  'alternativeChoices',
  'presence',
  'shots',
  'spans',
  'versions',
  'runs',
] as const satisfies readonly CollectionName[]

function byId<Item extends { readonly id: number }>(items: readonly Item[]): Map<number, Item> {
  return new Map(items.map((item) => [item.id, item]))
}

export function recordsOf(project: Project): ProjectRecords {
  return {
    videos: byId(project.videos),
    objects: byId(project.objects),
    classes: byId(project.classes),
    prompts: byId(project.prompts),
    alternativeChoices: byId(project.alternativeChoices),
    presence: byId(project.presence),
    shots: byId(project.shots),
    spans: byId(project.spans),
    versions: byId(project.versions),
    runs: byId(project.runs),
  }
}

export const NO_RECORDS: ProjectRecords = {
  videos: new Map(),
  objects: new Map(),
  classes: new Map(),
  prompts: new Map(),
  alternativeChoices: new Map(),
  presence: new Map(),
  shots: new Map(),
  spans: new Map(),
  versions: new Map(),
  runs: new Map(),
}

function changed<Item extends { readonly id: number }>(
  records: ReadonlyMap<number, Item>,
  change: { readonly put: readonly Item[]; readonly remove: readonly number[] },
): ReadonlyMap<number, Item> {
  const next = new Map(records)
  for (const id of change.remove) next.delete(id)
  for (const item of change.put) next.set(item.id, item)
  return next
}

function applyCollection(records: ProjectRecords, change: CollectionChange): ProjectRecords {
  // The discriminant ties name and record together, which the type of a computed key cannot say.
  const current = records[change.collection] as ReadonlyMap<number, { readonly id: number }>
  return { ...records, [change.collection]: changed(current, change) }
}

/** The records after a change; collections that it does not name keep their identity. */
export function applyProjectChange(records: ProjectRecords, change: ProjectChange): ProjectRecords {
  return change.collections.reduce(applyCollection, records)
}

/** Records in the order the person gave them; equal places by age. */
export function inOrder<Item extends { readonly id: number; readonly sortOrder: number }>(
  records: ReadonlyMap<number, Item>,
): Item[] {
  return [...records.values()].sort((a, b) => a.sortOrder - b.sortOrder || a.id - b.id)
}
