import type { MaskChange } from '../../contract/changes.ts'
import type { TrackSpan } from '../../contract/tracking.ts'
import type { Draft } from './draft.ts'
import type { RecordChange } from './project-records.ts'
import { placeOf } from './record-reader.ts'
import type { AnyRecord } from './stored-records.ts'

interface SpanEdit {
  readonly videoId: number
  readonly objectId: number
  readonly before: TrackSpan[]
  readonly after: TrackSpan[]
}

function spanAt(spans: readonly TrackSpan[], frameIndex: number): TrackSpan | undefined {
  return spans.find((span) => span.first <= frameIndex && frameIndex <= span.last)
}

/** Frames on which the spans before and after show different versions, or call the same one stale or not. */
function differingFrames({ videoId, objectId, before, after }: SpanEdit): MaskChange[] {
  const borders = new Set<number>()
  for (const span of [...before, ...after]) {
    borders.add(span.first)
    borders.add(span.last + 1)
  }
  const sorted = [...borders].sort((a, b) => a - b)
  const changes: MaskChange[] = []
  for (let i = 0; i + 1 < sorted.length; i++) {
    const first = sorted[i]!
    const [was, is] = [spanAt(before, first), spanAt(after, first)]
    if (was?.versionId === is?.versionId && was?.stale === is?.stale) continue
    changes.push({ videoId, objectId, first, last: sorted[i + 1]! - 1 })
  }
  return changes
}

function spanEdits(changes: readonly RecordChange[]): Iterable<SpanEdit> {
  const edits = new Map<string, SpanEdit>()
  for (const { collection, before, after } of changes) {
    if (collection !== 'spans') continue
    for (const [side, span] of [
      ['before', before],
      ['after', after],
    ] as const) {
      if (span === null) continue
      const { videoId, objectId } = span as TrackSpan
      const place = placeOf({ videoId, objectId })
      const edit = edits.get(place) ?? { videoId, objectId, before: [], after: [] }
      edit[side].push(span as TrackSpan)
      edits.set(place, edit)
    }
  }
  return edits.values()
}

function joinRanges(changes: MaskChange[]): MaskChange[] {
  changes.sort((a, b) => a.videoId - b.videoId || a.objectId - b.objectId || a.first - b.first)
  const joined: MaskChange[] = []
  for (const change of changes) {
    const newest = joined.at(-1)
    const goesOn =
      newest !== undefined &&
      newest.videoId === change.videoId &&
      newest.objectId === change.objectId &&
      change.first <= newest.last + 1
    if (goesOn) joined[joined.length - 1] = { ...newest, last: Math.max(newest.last, change.last) }
    else joined.push(change)
  }
  return joined
}

function isCleanedOtherwise(before: AnyRecord | null, after: AnyRecord | null): boolean {
  if (before === null || after === null || !('cleanup' in before) || !('cleanup' in after)) return false
  return JSON.stringify(before.cleanup) !== JSON.stringify(after.cleanup)
}

/**
 * Frames whose present mask is another one after an edit: other versions shown, stale or not, masks rewritten,
 * presence said, or another clean-up.
 */
export function maskChanges(draft: Draft, changes: readonly RecordChange[]): MaskChange[] {
  const found: MaskChange[] = []
  for (const edit of spanEdits(changes)) found.push(...differingFrames(edit))
  for (const { versionId, frameIndex } of draft.maskWrites) {
    const version = draft.get('versions', versionId)
    if (version === undefined) continue
    found.push({ videoId: version.videoId, objectId: version.objectId, first: frameIndex, last: frameIndex })
  }
  for (const { collection, id, before, after } of changes) {
    if (collection === 'objects' && isCleanedOtherwise(before, after)) {
      for (const span of draft.all('spans')) {
        const { videoId, objectId, first, last } = span
        if (objectId === id) found.push({ videoId, objectId, first, last })
      }
    }
    if (collection !== 'presence') continue
    for (const range of [before, after]) {
      if (range === null || !('presence' in range)) continue
      const { videoId, objectId, first, last } = range
      found.push({ videoId, objectId, first, last })
    }
  }
  return joinRanges(found)
}
