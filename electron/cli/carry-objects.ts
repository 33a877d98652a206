import { examplesOf, findExamples } from '../engine/carry/carry-examples.ts'
import { requireUnlocked } from '../engine/project/edits/require-records.ts'
import type { ProjectStore } from '../engine/project/project-store.ts'
import { UsageError } from './usage-error.ts'

/**
 * Objects by name, or all that are not locked and have a mask in a video that is not searched; each once.
 * @param searched ids of videos
 * @throws UsageError, ObjectLockedError, NothingToTrack for one that has no mask there
 */
export function objectsToCarry(
  names: readonly string[] | null,
  store: ProjectStore,
  searched: ReadonlySet<number>,
): number[] {
  if (names === null) return allObjects(store, searched)
  return [...new Set(names)].map((name) => {
    const objects = [...store.records.all('objects')]
    const named = objects.filter((object) => object.name === name)
    if (named.length !== 1) {
      const all = objects.map((object) => object.name).join(', ')
      throw new UsageError(
        `There ${named.length === 0 ? 'is no object' : `are ${named.length} objects`} named "${name}"; the project has ${all || 'none'}.`,
      )
    }
    const { id } = requireUnlocked(store.records, named[0]!.id)
    examplesOf(store, id, searched)
    return id
  })
}

function allObjects(store: ProjectStore, searched: ReadonlySet<number>): number[] {
  const shown = [...store.records.all('objects')].filter(
    ({ id }) => findExamples(store, id, searched).length > 0,
  )
  const unlocked = shown.filter(({ locked }) => !locked)
  if (unlocked.length > 0) return unlocked.map(({ id }) => id)
  if (shown.length === 0) throw new UsageError('No object of this project has a mask in another video.')
  const locked = shown.map(({ name }) => name).join(', ')
  throw new UsageError(`All objects that have a mask in another video are locked: ${locked}.`)
}
