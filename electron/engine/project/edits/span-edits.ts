import type { TrackSpan } from '../../../contract/tracking.ts'
import type { Draft } from '../draft.ts'
import { paintRanges } from '../paint-ranges.ts'

interface Place {
  readonly videoId: number
  readonly objectId: number
}

interface Frames {
  readonly first: number
  readonly last: number
}

/** Makes a version the present one of an object over some frames; null leaves the frames without masks. */
export function showVersion(
  draft: Draft,
  { videoId, objectId }: Place,
  { first, last }: Frames,
  shown: { versionId: number; stale: boolean } | null,
): void {
  const edit = paintRanges<TrackSpan>({
    ranges: draft.ofObject('spans', videoId, objectId),
    first,
    last,
    content: shown === null ? null : { videoId, objectId, ...shown },
    same: (span, content) => span.versionId === content.versionId && span.stale === content.stale,
    newId: () => draft.newId(),
  })
  for (const id of edit.remove) draft.remove('spans', id)
  for (const span of edit.put) draft.put('spans', span)
}

/** The parts of an object's spans that lie within some frames, in frame order. */
export function spansWithin(
  draft: Draft,
  { videoId, objectId }: Place,
  { first, last }: Frames,
): TrackSpan[] {
  return draft
    .ofObject('spans', videoId, objectId)
    .filter((span) => span.last >= first && span.first <= last)
    .map((span) => ({ ...span, first: Math.max(span.first, first), last: Math.min(span.last, last) }))
    .sort((a, b) => a.first - b.first)
}

/** Says of an object's masks over some frames whether a correction may have made them wrong. */
export function setStale(draft: Draft, place: Place, frames: Frames, stale: boolean): void {
  for (const span of spansWithin(draft, place, frames)) {
    if (span.stale !== stale) showVersion(draft, place, span, { versionId: span.versionId, stale })
  }
}

/**
 * A correction on a frame leaves the masks around it stale: up to the next prompted frames on either side, which
 * stand for themselves.
 */
export function setStaleAround(draft: Draft, place: Place, frameIndex: number): void {
  let before = -1
  let after = Number.MAX_SAFE_INTEGER
  for (const prompt of draft.ofObject('prompts', place.videoId, place.objectId)) {
    if (prompt.frameIndex < frameIndex) before = Math.max(before, prompt.frameIndex)
    if (prompt.frameIndex > frameIndex) after = Math.min(after, prompt.frameIndex)
  }
  setStale(draft, place, { first: before + 1, last: frameIndex - 1 }, true)
  setStale(draft, place, { first: frameIndex + 1, last: after - 1 }, true)
}
