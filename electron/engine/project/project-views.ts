import type { CollectionChange, CollectionName as PublicCollectionName } from '../../contract/changes.ts'
import type { HistoryState } from '../../contract/history.ts'
import type { Project, Video } from '../../contract/project.ts'
import type { Meta } from './meta-table.ts'
import type { RecordChange } from './project-records.ts'
import type { RecordReader } from './record-reader.ts'

export type VideoLink = Video['link']

/** How each video's file was found; videos that are not named were not looked for yet and count as missing. */
export type VideoLinks = ReadonlyMap<number, VideoLink>

/** A video as the interface sees it, or null while its file is not described. */
export function videoView(records: RecordReader, links: VideoLinks, videoId: number): Video | null {
  const video = records.get('videos', videoId)
  const file = records.get('videoFiles', videoId)
  if (video === undefined || file === undefined) return null
  const { relativePath, fingerprint: _, id: __, ...properties } = file
  return { ...video, ...properties, location: relativePath, link: links.get(videoId) ?? 'missing' }
}

function sorted<Item extends { sortOrder: number; id: number }>(items: Iterable<Item>): Item[] {
  return [...items].sort((a, b) => a.sortOrder - b.sortOrder || a.id - b.id)
}

/** The whole project but for masks. */
export function projectView(options: {
  records: RecordReader
  links: VideoLinks
  meta: Meta
  history: HistoryState
  fileName: string
}): Project {
  const { records, links, meta, history, fileName } = options
  return {
    projectId: meta.projectId,
    name: records.get('properties', 1)!.name,
    fileName,
    revision: meta.revision,
    videos: sorted(records.all('videos')).flatMap(({ id }) => videoView(records, links, id) ?? []),
    objects: sorted(records.all('objects')),
    classes: sorted(records.all('classes')),
    prompts: [...records.all('prompts')],
    alternativeChoices: [...records.all('alternativeChoices')],
    presence: [...records.all('presence')],
    shots: [...records.all('shots')],
    spans: [...records.all('spans')],
    versions: [...records.all('versions')],
    runs: [...records.all('runs')],
    view: meta.view,
    history,
  }
}

function append<Key, Item>(lists: Map<Key, Item[]>, key: Key, item: Item): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [item])
  else list.push(item)
}

/** What the interface must put and drop in its collections to follow these changes. */
export function collectionChanges(
  changes: readonly RecordChange[],
  records: RecordReader,
  links: VideoLinks,
): CollectionChange[] {
  const puts = new Map<PublicCollectionName, unknown[]>()
  const removes = new Map<PublicCollectionName, number[]>()
  const videoIds = new Set<number>()
  for (const { collection, id, after } of changes) {
    if (collection === 'properties') continue
    if (collection === 'videos' || collection === 'videoFiles') videoIds.add(id)
    else if (after === null) append(removes, collection, id)
    else append(puts, collection, after)
  }
  for (const id of videoIds) {
    const video = videoView(records, links, id)
    if (video === null) append(removes, 'videos', id)
    else append(puts, 'videos', video)
  }
  const names = new Set([...puts.keys(), ...removes.keys()])
  // Each name's list was filled from that name's records just above.
  return [...names].map(
    (collection) =>
      ({
        collection,
        put: puts.get(collection) ?? [],
        remove: removes.get(collection) ?? [],
      }) as CollectionChange,
  )
}
