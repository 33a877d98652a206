import { placeOf } from './record-reader.ts'

interface PlacedRecord {
  readonly id: number
  readonly videoId: number
  readonly objectId: number
}

function isPlacedRecord(record: object): record is PlacedRecord {
  return 'videoId' in record && 'objectId' in record
}

/** Records by id, and those that belong to an object in a video also by that. */
export class RecordCollection<Item extends { readonly id: number }> {
  readonly #byId = new Map<number, Item>()
  readonly #byPlace = new Map<string, Map<number, Item>>()

  get size(): number {
    return this.#byId.size
  }

  get(id: number): Item | undefined {
    return this.#byId.get(id)
  }

  all(): Iterable<Item> {
    return this.#byId.values()
  }

  ofPlace(place: string): Iterable<Item> {
    return this.#byPlace.get(place)?.values() ?? []
  }

  put(record: Item): void {
    this.remove(record.id)
    this.#byId.set(record.id, record)
    if (!isPlacedRecord(record)) return
    const place = placeOf(record)
    const records = this.#byPlace.get(place) ?? new Map<number, Item>()
    records.set(record.id, record)
    this.#byPlace.set(place, records)
  }

  remove(id: number): void {
    const record = this.#byId.get(id)
    if (record === undefined) return
    this.#byId.delete(id)
    if (!isPlacedRecord(record)) return
    const place = placeOf(record)
    const records = this.#byPlace.get(place)
    records?.delete(id)
    if (records?.size === 0) this.#byPlace.delete(place)
  }
}
