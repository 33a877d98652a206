import type { ResultStore } from '../store/result-store.ts'
import { decodeSpan, encodeSpan, type Span } from './span.ts'

/** Digits of a step in a span's name, so that names sort as steps do. */
const stepDigits = 9

/** The spans of one job in the store. */
export class StoredSpans {
  readonly #store: ResultStore
  readonly #folder: string

  constructor(store: ResultStore, jobKey: string) {
    this.#store = store
    this.#folder = `spans/${jobKey}`
  }

  /** @throws StoreUnavailable */
  async add(span: Span): Promise<void> {
    await this.#store.put(this.#nameOf(span.firstStep, span.frames.length), encodeSpan(span))
  }

  /**
   * What can be gone on from: spans that follow each other from the first step on. Where several begin at the same step
   * (workers may cut differently) the longest counts.
   * @throws StoreUnavailable
   */
  async chain(): Promise<Span[]> {
    const names = await this.#store.list(this.#folder)
    const chain: Span[] = []
    let step = 0
    for (;;) {
      const start = `${this.#folder}/${padded(step)}-`
      const next = names.filter((name) => name.startsWith(start)).at(-1)
      const bytes = next === undefined ? null : await this.#store.get(next)
      const span = bytes && decodeSpan(bytes)
      if (span === null || span.firstStep !== step || span.frames.length === 0) return chain
      chain.push(span)
      step += span.frames.length
    }
  }

  /** Removes them once the result is there. */
  async clear(): Promise<void> {
    for (const name of await this.#store.list(this.#folder)) await this.#store.delete(name)
  }

  #nameOf(firstStep: number, length: number): string {
    return `${this.#folder}/${padded(firstStep)}-${padded(length)}`
  }
}

function padded(step: number): string {
  return String(step).padStart(stepDigits, '0')
}
