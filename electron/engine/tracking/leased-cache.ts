interface Kept<Value> {
  readonly value: Promise<Value>
  users: number
  dropped: boolean
}

export interface LeasedCacheOptions<Key, Value> {
  /** Values kept at most, besides those at work. */
  readonly capacity: number
  /** Frees a value once it was dropped and nobody works with it any more. */
  release(value: Value): Promise<void>
  onDropped?(key: Key): void
}

/** Keeps the values that were used last. One that is being worked with is not freed under its user's hands. */
export class LeasedCache<Key, Value> {
  readonly #options: LeasedCacheOptions<Key, Value>
  /** Least recently used first. */
  readonly #kept = new Map<Key, Kept<Value>>()

  constructor(options: LeasedCacheOptions<Key, Value>) {
    this.#options = options
  }

  /** Works with the value of a key, which is made when it is not kept. @throws what `make` and `work` throw */
  async use<Result>(
    key: Key,
    make: () => Promise<Value>,
    work: (value: Value) => Promise<Result> | Result,
  ): Promise<Result> {
    const kept = this.#take(key, make)
    kept.users++
    try {
      return await work(await kept.value)
    } finally {
      kept.users--
      if (kept.dropped) await this.#release(kept)
    }
  }

  clear(): void {
    for (const key of [...this.#kept.keys()]) this.#drop(key)
  }

  #take(key: Key, make: () => Promise<Value>): Kept<Value> {
    const kept = this.#kept.get(key) ?? { value: make(), users: 0, dropped: false }
    this.#kept.delete(key)
    this.#kept.set(key, kept)
    // One that could not be made is made anew the next time.
    kept.value.catch(() => {
      if (this.#kept.get(key) === kept) this.#kept.delete(key)
    })
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= this.#options.capacity) break
      this.#drop(oldest)
    }
    return kept
  }

  #drop(key: Key): void {
    const kept = this.#kept.get(key)!
    this.#kept.delete(key)
    kept.dropped = true
    this.#options.onDropped?.(key)
    void this.#release(kept)
  }

  async #release(kept: Kept<Value>): Promise<void> {
    if (kept.users > 0) return
    await kept.value.then(
      (value) => this.#options.release(value),
      () => {},
    )
  }
}
