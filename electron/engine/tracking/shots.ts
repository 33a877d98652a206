/** Where shots begin, in order. Grows while a video is decoded. */
export class Shots {
  readonly #starts: number[]

  constructor(starts: readonly number[] = []) {
    this.#starts = [...starts]
  }

  /** Says that a shot begins at a frame. */
  add(frameIndex: number): void {
    if (!this.#starts.includes(frameIndex)) this.#starts.push(frameIndex)
  }

  /** Whether no shot begins between two frames, at the later one included. */
  areInOne(first: number, second: number): boolean {
    const low = Math.min(first, second)
    const high = Math.max(first, second)
    return !this.#starts.some((start) => start > low && start <= high)
  }
}
