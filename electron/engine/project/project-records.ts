import { RecordCollection } from './record-collection.ts'
import { placeOf, type PlacedName, type RecordReader } from './record-reader.ts'
import { collectionNames, type AnyRecord, type CollectionName, type StoredRecord } from './stored-records.ts'

/** One record before and after an edit; null where it was not, or is not any more. */
export interface RecordChange {
  readonly collection: CollectionName
  readonly id: number
  readonly before: AnyRecord | null
  readonly after: AnyRecord | null
}

/** All small records of the project, held in memory; the truth is on disk and these follow it. */
export class ProjectRecords implements RecordReader {
  readonly #collections = new Map<CollectionName, RecordCollection<AnyRecord>>(
    collectionNames.map((name) => [name, new RecordCollection<AnyRecord>()]),
  )

  get<Name extends CollectionName>(name: Name, id: number): StoredRecord<Name> | undefined {
    return this.#collection(name).get(id)
  }

  all<Name extends CollectionName>(name: Name): Iterable<StoredRecord<Name>> {
    return this.#collection(name).all()
  }

  count(name: CollectionName): number {
    return this.#collections.get(name)!.size
  }

  ofObject<Name extends PlacedName>(
    name: Name,
    videoId: number,
    objectId: number,
  ): Iterable<StoredRecord<Name>> {
    return this.#collection(name).ofPlace(placeOf({ videoId, objectId }))
  }

  put(name: CollectionName, record: AnyRecord): void {
    this.#collections.get(name)!.put(record)
  }

  apply(changes: Iterable<RecordChange>): void {
    for (const { collection, id, after } of changes) {
      if (after === null) this.#collections.get(collection)!.remove(id)
      else this.put(collection, after)
    }
  }

  #collection<Name extends CollectionName>(name: Name): RecordCollection<StoredRecord<Name>> {
    // Each collection only ever holds records of its own schema: `put` is fed from that schema's table and type.
    return this.#collections.get(name) as unknown as RecordCollection<StoredRecord<Name>>
  }
}
