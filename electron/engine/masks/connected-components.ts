import type { BinaryMask } from './binary-mask.ts'
import { rowRuns, type RowRuns } from './row-runs.ts'

/** 4: pixels touch along an edge. 8: a common corner is enough. */
export type Connectivity = 4 | 8

/** The connected pieces of one value of a mask, as the horizontal runs that make them up. */
export interface ConnectedComponents {
  readonly count: number
  readonly runs: RowRuns
  /** For each run, its component: 0 to count - 1, in order of the first pixel in reading order. */
  readonly componentOfRun: Int32Array
  /** Pixels of each component. */
  readonly areas: Int32Array
  /** 1 for components with a pixel on the picture's border. */
  readonly touchesBorder: Uint8Array
}

/** Finds the connected pieces of `value` in a mask. */
export function connectedComponents(
  mask: BinaryMask,
  value: 0 | 1,
  connectivity: Connectivity,
): ConnectedComponents {
  return componentsOfRuns(rowRuns(mask, value), mask.widthPx, connectivity)
}

/**
 * Finds the connected pieces that runs of a picture make up. The rows may as well be its columns: what is connected stays
 * so when a picture is mirrored at its diagonal.
 */
export function componentsOfRuns(
  runs: RowRuns,
  widthPx: number,
  connectivity: Connectivity,
): ConnectedComponents {
  const { begins, ends, firstOfRow } = runs
  const heightPx = firstOfRow.length - 1
  const parent = new Int32Array(runs.count)
  for (let i = 0; i < runs.count; i++) parent[i] = i
  const root = (run: number): number => {
    while (parent[run] !== run) run = parent[run] = parent[parent[run]!]!
    return run
  }

  // Runs of neighbouring rows touch when they overlap, stretched by one pixel where corners count.
  const reach = connectivity === 8 ? 1 : 0
  for (let y = 1; y < heightPx; y++) {
    let above = firstOfRow[y - 1]!
    let run = firstOfRow[y]!
    while (above < firstOfRow[y]! && run < firstOfRow[y + 1]!) {
      if (begins[run]! < ends[above]! + reach && begins[above]! < ends[run]! + reach) {
        const a = root(above)
        const b = root(run)
        // The earlier run stays the root, so that components are numbered in reading order.
        if (a < b) parent[b] = a
        else parent[a] = b
      }
      if (ends[above]! < ends[run]!) above++
      else run++
    }
  }

  const componentOfRun = new Int32Array(runs.count)
  const areas = new Int32Array(runs.count)
  const touchesBorder = new Uint8Array(runs.count)
  let count = 0
  for (let y = 0; y < heightPx; y++) {
    const onEdgeRow = y === 0 || y === heightPx - 1
    for (let run = firstOfRow[y]!; run < firstOfRow[y + 1]!; run++) {
      const first = root(run)
      const component = first === run ? count++ : componentOfRun[first]!
      componentOfRun[run] = component
      areas[component]! += ends[run]! - begins[run]!
      if (onEdgeRow || begins[run] === 0 || ends[run] === widthPx) touchesBorder[component] = 1
    }
  }
  return {
    count,
    runs,
    componentOfRun,
    areas: areas.subarray(0, count),
    touchesBorder: touchesBorder.subarray(0, count),
  }
}

/** Visits the runs of the chosen components, as row-major places from `begin` up to but without `end`. */
export function visitComponentRuns(
  components: ConnectedComponents,
  chosen: (component: number) => boolean,
  widthPx: number,
  visit: (begin: number, end: number) => void,
): void {
  const { runs, componentOfRun } = components
  const wanted = new Uint8Array(components.count)
  for (let component = 0; component < components.count; component++)
    wanted[component] = chosen(component) ? 1 : 0
  for (let y = 0; y + 1 < runs.firstOfRow.length; y++) {
    for (let run = runs.firstOfRow[y]!; run < runs.firstOfRow[y + 1]!; run++) {
      if (wanted[componentOfRun[run]!]) visit(y * widthPx + runs.begins[run]!, y * widthPx + runs.ends[run]!)
    }
  }
}
