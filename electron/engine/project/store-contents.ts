import type { FrameMask } from '../../contract/tracking.ts'
import { readPresentMasks } from './mask-reader.ts'
import type { ProjectStore } from './project-store.ts'
import type { AnyRecord } from './stored-records.ts'

function byId(records: Iterable<AnyRecord>): AnyRecord[] {
  return [...records].sort((a, b) => a.id - b.id)
}

const names = [
  'properties',
  'videos',
  'objects',
  'classes',
  'prompts',
  'alternativeChoices',
  'presence',
  'shots',
  'spans',
  'versions',
] as const

export type LabelledContents = Record<(typeof names)[number], AnyRecord[]> & { masks: FrameMask[] }

/** For tests: all that a person made, in a form that can be compared: records that edits change, and every mask. */
export function labelledContents(store: ProjectStore): LabelledContents {
  const records = Object.fromEntries(names.map((name) => [name, byId(store.records.all(name))]))
  return { ...(records as Record<(typeof names)[number], AnyRecord[]>), masks: allMasks(store) }
}

/** For tests: every present mask of every video. */
export function allMasks(store: ProjectStore): FrameMask[] {
  return [...store.records.all('videos')]
    .sort((a, b) => a.id - b.id)
    .flatMap(({ id }) => {
      const range = { videoId: id, objectIds: null, first: 0, last: 1_000_000, limit: 1_000_000 }
      return readPresentMasks(store, range).masks
    })
}
