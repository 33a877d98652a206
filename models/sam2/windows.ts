import type { GraphBuilder, Value } from '../graph/graph-builder.ts'
import { reshape, transpose } from '../graph/layers.ts'
import type { FeatureMap } from './feature-map.ts'

/** [size * size, C] -> rows in window order, [perSide * perSide * window * window, C], zero-padded. */
export function intoWindows(g: GraphBuilder, map: FeatureMap, window: number): Value {
  const perSide = Math.ceil(map.size / window)
  if (perSide === 1 && window === map.size) return map.value
  const padding = perSide * window - map.size
  const grid = reshape(g, map.value, [map.size, map.size, map.channels])
  const padded = padding === 0 ? grid : g.operator('Pad', [grid, g.integers([0, 0, 0, padding, padding, 0])])
  const split = reshape(g, padded, [perSide, window, perSide, window, map.channels])
  return reshape(g, transpose(g, split, [0, 2, 1, 3, 4]), [-1, map.channels])
}

export interface Windows {
  readonly window: number
  readonly perSide: number
  readonly size: number
  readonly channels: number
}

/** Undoes `intoWindows` for a map of `size`, cutting the padding off. */
export function outOfWindows(g: GraphBuilder, x: Value, { window, perSide, size, channels }: Windows): Value {
  if (perSide === 1 && window === size) return x
  const split = reshape(g, x, [perSide, perSide, window, window, channels])
  const padded = perSide * window
  const grid = reshape(g, transpose(g, split, [0, 2, 1, 3, 4]), [padded, padded, channels])
  const cut =
    padded === size
      ? grid
      : g.operator('Slice', [grid, g.integers([0, 0]), g.integers([size, size]), g.integers([0, 1])])
  return reshape(g, cut, [size * size, channels])
}
