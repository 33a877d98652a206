import type { Mark } from '../../../contract/history.ts'
import type { PresenceRange } from '../../../contract/project.ts'
import type { Draft } from '../draft.ts'
import { paintRanges } from '../paint-ranges.ts'
import type { ProjectStore } from '../project-store.ts'
import { requireFrame, requireUnlocked } from './require-records.ts'

interface SaidRange {
  readonly videoId: number
  readonly objectId: number
  readonly first: number
  readonly last: number
}

export function sayPresence(
  draft: Draft,
  range: SaidRange,
  presence: PresenceRange['presence'] | 'unknown',
): void {
  const { videoId, objectId, first, last } = range
  const edit = paintRanges<PresenceRange>({
    ranges: draft.ofObject('presence', videoId, objectId),
    first,
    last,
    content: presence === 'unknown' ? null : { videoId, objectId, presence },
    same: (said, content) => said.presence === content.presence,
    newId: () => draft.newId(),
  })
  for (const id of edit.remove) draft.remove('presence', id)
  for (const said of edit.put) draft.put('presence', said)
}

/** What the person says of an object over a range; `unknown` takes back what was said. */
export function setPresence(
  store: ProjectStore,
  range: SaidRange,
  presence: PresenceRange['presence'] | 'unknown',
  mark?: Mark,
): number {
  const subject = store.records.get('objects', range.objectId)?.name ?? null
  return store.edit({ action: 'presence.set', subject, mark }, ({ draft }) => {
    requireUnlocked(draft, range.objectId)
    requireFrame(draft, range.videoId, range.first, range.last)
    sayPresence(draft, range, presence)
  }).revision
}
