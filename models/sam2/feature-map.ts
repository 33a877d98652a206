import type { Value } from '../graph/graph-builder.ts'

/** A square map as rows of channels: value [size * size, channels]. */
export interface FeatureMap {
  readonly value: Value
  readonly size: number
  readonly channels: number
}
