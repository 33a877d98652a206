/** What is done first when several wait: what a person waits for, then what they look at, then runs, then guesses. */
export const PRIORITY = { click: 0, preview: 1, run: 2, idle: 3 } as const
export type Priority = (typeof PRIORITY)[keyof typeof PRIORITY]

interface Waiting {
  readonly priority: Priority
  start(): Promise<void>
}

/** Does one piece of work after the other, the most urgent first, equally urgent ones in order. */
export class WorkQueue {
  readonly #waiting: Waiting[] = []
  #busy = false

  /** Settles as `work` does, once its turn came. */
  add<Value>(priority: Priority, work: () => Promise<Value>): Promise<Value> {
    return new Promise((resolve, reject) => {
      const behind = this.#waiting.findIndex((other) => other.priority > priority)
      const item = { priority, start: () => work().then(resolve, reject) }
      this.#waiting.splice(behind < 0 ? this.#waiting.length : behind, 0, item)
      void this.#next()
    })
  }

  /** How many wait that are at least as urgent. */
  waiting(priority: Priority): number {
    return this.#waiting.filter((other) => other.priority <= priority).length
  }

  async #next(): Promise<void> {
    if (this.#busy) return
    const item = this.#waiting.shift()
    if (item === undefined) return
    this.#busy = true
    await item.start()
    this.#busy = false
    void this.#next()
  }
}
