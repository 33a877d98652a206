/** Values that are looked back on. */
const remembered = 16
/** With fewer, nothing is known of what is usual. */
const enough = 4

/** The recent values of something that differs from track to track, to tell what stands out. */
export class RecentValues {
  readonly #leastSpread: number
  readonly #values: number[] = []

  /** @param leastSpread deviations are counted in standard deviations of at least this */
  constructor(leastSpread: number) {
    this.#leastSpread = leastSpread
  }

  /** How many standard deviations a value is from the mean of the recent ones; 0 as long as there are few. */
  deviation(value: number): number {
    const count = this.#values.length
    if (count < enough) return 0
    const mean = this.#values.reduce((sum, one) => sum + one, 0) / count
    const variance = this.#values.reduce((sum, one) => sum + (one - mean) ** 2, 0) / count
    return (value - mean) / Math.max(Math.sqrt(variance), this.#leastSpread)
  }

  add(value: number): void {
    this.#values.push(value)
    if (this.#values.length > remembered) this.#values.shift()
  }
}
