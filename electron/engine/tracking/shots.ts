/** Where shots begin. Grows while a video is decoded. */
export class Shots {
  readonly #starts: number[]

  constructor(starts: readonly number[] = []) {
    this.#starts = [...starts]
  }

  /** Frames on which shots begin, ascending. */
  get starts(): number[] {
    return [...this.#starts].sort((a, b) => a - b)
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
