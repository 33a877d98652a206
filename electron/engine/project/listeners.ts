/** Whoever wants to hear of something; each is told in turn, and may leave while being told. */
export class Listeners<Arguments extends unknown[]> {
  readonly #listeners = new Set<(...values: Arguments) => void>()

  /** Returns a function that ends the subscription. */
  add(listener: (...values: Arguments) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  tell(...values: Arguments): void {
    for (const listener of [...this.#listeners]) listener(...values)
  }

  clear(): void {
    this.#listeners.clear()
  }
}
