import type { GraphBuilder, Value } from '../graph/graph-builder.ts'
import { convolution, rowsOfChannels } from '../graph/layers.ts'

/** A square map as rows of channels: value [size * size, channels]. */
export interface FeatureMap {
  readonly value: Value
  readonly size: number
  readonly channels: number
}

/** A map before its last 1x1 convolution, which can then become one with the next. */
export interface UnprojectedMap {
  /** [1, inputs, size, size] */
  readonly planes: Value
  readonly inputs: number
  /** Of the convolution. */
  readonly projection: string
  readonly size: number
  /** Of the map itself. */
  readonly channels: number
}

/** What a trunk gives. */
export type TrunkMap = FeatureMap | UnprojectedMap

/** The map itself. */
export function projected(g: GraphBuilder, map: TrunkMap): FeatureMap {
  if (!('projection' in map)) return map
  const { planes, inputs, projection, size, channels } = map
  const value = convolution(g, planes, projection, { inputs, outputs: channels, kernel: 1 })
  return { value: rowsOfChannels(g, value, channels), size, channels }
}
