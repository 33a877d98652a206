/** Values up to a number of bytes, the least recently used ones go first. */
export class ByteCache<Value> {
  readonly #sizeOf: (value: Value) => number
  readonly #capacityBytes: () => number
  readonly #kept = new Map<string, Value>()
  #bytes = 0

  constructor(capacityBytes: () => number, sizeOf: (value: Value) => number) {
    this.#capacityBytes = capacityBytes
    this.#sizeOf = sizeOf
  }

  get(key: string): Value | undefined {
    const value = this.#kept.get(key)
    if (value === undefined) return undefined
    this.#kept.delete(key)
    this.#kept.set(key, value)
    return value
  }

  set(key: string, value: Value): void {
    const before = this.#kept.get(key)
    if (before !== undefined) this.#bytes -= this.#sizeOf(before)
    this.#kept.delete(key)
    this.#kept.set(key, value)
    this.#bytes += this.#sizeOf(value)
    const capacity = this.#capacityBytes()
    for (const [oldest, dropped] of this.#kept) {
      if (this.#bytes <= capacity) return
      this.#kept.delete(oldest)
      this.#bytes -= this.#sizeOf(dropped)
    }
  }
}
