/** Collects how long each of the model's graphs ran; the median is what counts on a noisy machine. */
export class StageTimes {
  private readonly runs = new Map<string, number[]>()

  readonly record = (graph: string, milliseconds: number): void => {
    const runs = this.runs.get(graph) ?? []
    runs.push(milliseconds)
    this.runs.set(graph, runs)
  }

  clear(): void {
    this.runs.clear()
  }

  /** Every graph that ran with its median, in order of the first run. */
  entries(): [graph: string, milliseconds: number][] {
    return [...this.runs.keys()].map((graph) => [graph, this.median(graph)!])
  }

  /** Median of the recorded runs in milliseconds, or undefined when the graph never ran. */
  median(graph: string): number | undefined {
    const sorted = [...(this.runs.get(graph) ?? [])].sort((a, b) => a - b)
    if (sorted.length === 0) return undefined
    const middle = sorted.length >> 1
    return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
  }
}
