import type { MaskChange } from '../../contract/changes.ts'

/** An object in a video. */
interface LanePlace {
  readonly videoId: number
  readonly objectId: number
}

interface Kept extends LanePlace {
  readonly value: unknown
}

const MOST_KEPT = 300

/**
 * What was read from the scores of lanes, the least recently used let go: an edit of one object must not cost a look at
 * the scores of all the others. The key names everything that a value was read from but the masks themselves.
 */
export class LaneMemo {
  readonly #kept = new Map<string, Kept>()

  recall<Value>({ videoId, objectId }: LanePlace, key: string, read: () => Value): Value {
    const known = this.#kept.get(key)
    this.#kept.delete(key)
    const value = known === undefined ? read() : (known.value as Value)
    this.#kept.set(key, { videoId, objectId, value })
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= MOST_KEPT) break
      this.#kept.delete(oldest)
    }
    return value
  }

  /** To be told which masks changed. */
  forget(changes: readonly MaskChange[]): void {
    for (const [key, kept] of this.#kept) {
      if (changes.some(({ videoId, objectId }) => kept.videoId === videoId && kept.objectId === objectId))
        this.#kept.delete(key)
    }
  }

  clear(): void {
    this.#kept.clear()
  }
}
