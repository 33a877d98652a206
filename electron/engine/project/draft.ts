import type { RunLengthMask } from '../../contract/mask.ts'
import type { MaskScores } from '../../contract/tracking.ts'
import type { RecordChange } from './project-records.ts'
import { placeOf, type PlacedName, type RecordReader } from './record-reader.ts'
import type { AnyRecord, CollectionName, StoredRecord } from './stored-records.ts'

/** A mask to be stored with a version. */
export interface MaskWrite {
  readonly versionId: number
  readonly frameIndex: number
  readonly mask: RunLengthMask
  readonly scores: MaskScores
}

/** Masks of frames `first` to `last` of one version to be stored as another version's, too. */
export interface MaskCopy {
  readonly fromVersionId: number
  readonly toVersionId: number
  readonly first: number
  readonly last: number
}

/**
 * An edit in the making: reads see the project with the edit's own changes over it, and nothing is changed until the
 * store has written it. Thrown away when the edit fails.
 */
export class Draft implements RecordReader {
  readonly maskWrites: MaskWrite[] = []
  readonly maskCopies: MaskCopy[] = []
  readonly #base: RecordReader
  readonly #changed = new Map<CollectionName, Map<number, AnyRecord | null>>()
  #nextId: number

  constructor(base: RecordReader, nextId: number) {
    this.#base = base
    this.#nextId = nextId
  }

  /** First id that this edit has not given away. */
  get nextId(): number {
    return this.#nextId
  }

  newId(): number {
    return this.#nextId++
  }

  get<Name extends CollectionName>(name: Name, id: number): StoredRecord<Name> | undefined {
    const changed = this.#changed.get(name)?.get(id) as StoredRecord<Name> | null | undefined
    return changed === undefined ? this.#base.get(name, id) : (changed ?? undefined)
  }

  /** A list of its own, so that the edit may change records while it goes through them. */
  all<Name extends CollectionName>(name: Name): StoredRecord<Name>[] {
    return this.#overlaid(name, this.#base.all(name), () => true)
  }

  ofObject<Name extends PlacedName>(name: Name, videoId: number, objectId: number): StoredRecord<Name>[] {
    const place = placeOf({ videoId, objectId })
    return this.#overlaid(
      name,
      this.#base.ofObject(name, videoId, objectId),
      (record) => placeOf(record) === place,
    )
  }

  put<Name extends CollectionName>(name: Name, record: StoredRecord<Name>): void {
    this.#overlay(name).set(record.id, record)
  }

  remove(name: CollectionName, id: number): void {
    this.#overlay(name).set(id, null)
  }

  /** What the edit comes to, without records that ended as they began. */
  changes(): RecordChange[] {
    const changes: RecordChange[] = []
    for (const [collection, records] of this.#changed) {
      for (const [id, after] of records) {
        const before = this.#base.get(collection, id) ?? null
        if (JSON.stringify(before) !== JSON.stringify(after)) changes.push({ collection, id, before, after })
      }
    }
    return changes
  }

  #overlay(name: CollectionName): Map<number, AnyRecord | null> {
    let overlay = this.#changed.get(name)
    if (overlay === undefined) {
      overlay = new Map()
      this.#changed.set(name, overlay)
    }
    return overlay
  }

  #overlaid<Name extends CollectionName>(
    name: Name,
    base: Iterable<StoredRecord<Name>>,
    belongs: (record: StoredRecord<Name>) => boolean,
  ): StoredRecord<Name>[] {
    const overlay = this.#changed.get(name) as Map<number, StoredRecord<Name> | null> | undefined
    if (overlay === undefined) return [...base]
    const records: StoredRecord<Name>[] = []
    for (const record of base) if (!overlay.has(record.id)) records.push(record)
    for (const record of overlay.values()) if (record !== null && belongs(record)) records.push(record)
    return records
  }
}
