import type { Mark } from '../../../contract/history.ts'
import { LIMITS } from '../../../contract/limits.ts'
import type { EditContext } from '../edit-context.ts'
import type { ProjectStore } from '../project-store.ts'
import { freeColour, requireRoom } from './object-edits.ts'
import { requireObject } from './require-records.ts'
import { showVersion } from './span-edits.ts'
import { lastPlace } from './sort-order.ts'

/** Records that are the same for the copy but for their id and owner. */
const COPIED = ['prompts', 'alternativeChoices', 'presence'] as const

function copyTracks({ draft, now }: EditContext, fromObjectId: number, toObjectId: number): void {
  const versions = new Map<number, number>()
  for (const span of draft.all('spans')) {
    if (span.objectId !== fromObjectId) continue
    const { videoId, first, last, stale } = span
    let versionId = versions.get(videoId)
    if (versionId === undefined) {
      versionId = draft.newId()
      versions.set(videoId, versionId)
      draft.put('versions', {
        id: versionId,
        videoId,
        objectId: toObjectId,
        runId: null,
        origin: 'duplicate',
        model: draft.get('versions', span.versionId)?.model ?? null,
        createdAt: now,
      })
    }
    draft.maskCopies.push({ fromVersionId: span.versionId, toVersionId: versionId, first, last })
    showVersion(draft, { videoId, objectId: toObjectId }, { first, last }, { versionId, stale })
  }
}

/**
 * Makes a second object with the same prompts, presence and present masks, which then go their own way. It gets the least
 * used of `colours`: the two lie on top of each other and have to be told apart.
 */
export function duplicateObject(
  store: ProjectStore,
  objectId: number,
  colours: readonly string[],
  mark?: Mark,
): { revision: number; objectId: number } {
  const subject = store.records.get('objects', objectId)?.name ?? null
  const { revision, value } = store.edit({ action: 'object.duplicate', subject, mark }, (context) => {
    const { draft } = context
    requireRoom(draft)
    const object = requireObject(draft, objectId)
    const id = draft.newId()
    const name = `${object.name} copy`.slice(0, LIMITS.nameLength)
    const colour = freeColour(draft, colours)
    const sortOrder = lastPlace(draft, 'objects')
    draft.put('objects', { ...object, id, name, colour, locked: false, sortOrder })
    for (const collection of COPIED) {
      for (const record of draft.all(collection)) {
        if (record.objectId === objectId)
          draft.put(collection, { ...record, id: draft.newId(), objectId: id })
      }
    }
    copyTracks(context, objectId, id)
    return id
  })
  return { revision, objectId: value }
}
