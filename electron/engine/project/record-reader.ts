import type { CollectionName, StoredRecord } from './stored-records.ts'

/** Collections whose records belong to one object in one video. */
export const PLACED_NAMES = ['prompts', 'alternativeChoices', 'presence', 'spans', 'versions'] as const
export type PlacedName = (typeof PLACED_NAMES)[number]

/** Names an object in a video. */
export function placeOf(record: { videoId: number; objectId: number }): string {
  return `${String(record.videoId)}:${String(record.objectId)}`
}

/** The project's records as they are, or as they will be when an edit is through. */
export interface RecordReader {
  get<Name extends CollectionName>(name: Name, id: number): StoredRecord<Name> | undefined
  all<Name extends CollectionName>(name: Name): Iterable<StoredRecord<Name>>
  /** Records of one object in one video, in no order. */
  ofObject<Name extends PlacedName>(
    name: Name,
    videoId: number,
    objectId: number,
  ): Iterable<StoredRecord<Name>>
}
