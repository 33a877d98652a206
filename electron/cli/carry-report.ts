import type { CarryHit } from '../contract/carry.ts'
import type { CarrySearch } from '../engine/carry/carry-search.ts'
import type { ProjectStore } from '../engine/project/project-store.ts'
import type { SearchedVideos } from './carry-videos.ts'

export interface CarryReportOptions {
  readonly store: ProjectStore
  readonly videos: SearchedVideos
  readonly objectIds: readonly number[]
  readonly minConfidence: number
}

/** The hits of all videos, one a line, the surest of each video first. */
export function describeHits(hits: readonly CarryHit[], options: CarryReportOptions): string[] {
  return options.videos.files.flatMap(({ id }) => hitLines(id, hits, options))
}

/** What a search that is over found in each video, and what it did not find there. */
export function describeSearch(
  hits: readonly CarryHit[],
  search: Pick<CarrySearch, 'isLabelledThroughout'>,
  options: CarryReportOptions,
): string[] {
  const { videos, objectIds } = options
  return videos.files.flatMap(({ id }) => {
    const found = new Set(hits.filter(({ videoId }) => videoId === id).map(({ objectId }) => objectId))
    const missed = objectIds.filter((objectId) => !found.has(objectId))
    const labelled = missed.filter((objectId) => search.isLabelledThroughout(id, objectId))
    const nowhere = missed.filter((objectId) => !labelled.includes(objectId))
    const said = [
      ...(nowhere.length > 0 ? [`nothing like ${namesOf(nowhere, options, 'or')} was found`] : []),
      ...(labelled.length > 0
        ? [
            `${namesOf(labelled, options, 'and')} ${labelled.length > 1 ? 'are' : 'is'} labelled there already`,
          ]
        : []),
    ]
    const lines = hitLines(id, hits, options)
    return said.length === 0 ? lines : [...lines, `${videos.names.get(id)!}: ${said.join('; ')}`]
  })
}

function hitLines(
  videoId: number,
  hits: readonly CarryHit[],
  { store, videos, minConfidence }: CarryReportOptions,
): string[] {
  return hits
    .filter((hit) => hit.videoId === videoId)
    .sort((a, b) => b.confidence - a.confidence)
    .map(({ objectId, frameIndex, confidence }) => {
      const object = store.records.get('objects', objectId)?.name ?? ''
      const verdict = confidence >= minConfidence ? 'taken' : 'left out'
      return `${videos.names.get(videoId)!}: ${object} on frame ${frameIndex}, confidence ${confidence.toFixed(2)}, ${verdict}`
    })
}

function namesOf(objectIds: readonly number[], { store }: CarryReportOptions, and: 'and' | 'or'): string {
  const names = objectIds.map((objectId) => store.records.get('objects', objectId)?.name ?? '')
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} ${and} ${names.at(-1)!}`
}
