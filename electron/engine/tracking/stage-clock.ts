import type { StageTimes } from './tracker-protocol.ts'

/** The first runs of a graph also make it ready, and are left out. */
const warmUpRuns = 1

/** How long the model's graphs take. */
export class StageClock {
  readonly #sums = new Map<string, { runs: number; milliseconds: number }>()

  readonly add = (graph: string, milliseconds: number): void => {
    const sum = this.#sums.get(graph) ?? { runs: -warmUpRuns, milliseconds: 0 }
    sum.runs++
    if (sum.runs > 0) sum.milliseconds += milliseconds
    this.#sums.set(graph, sum)
  }

  means(): StageTimes {
    return Object.fromEntries(
      [...this.#sums]
        .filter(([, { runs }]) => runs > 0)
        .map(([graph, { runs, milliseconds }]) => [graph, milliseconds / runs]),
    )
  }
}
