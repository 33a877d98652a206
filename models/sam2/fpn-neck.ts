import { integer, type GraphBuilder, type Value } from '../graph/graph-builder.ts'
import { add, pointwise, reshape } from '../graph/layers.ts'
import type { NeckConfiguration } from './configuration.ts'
import type { FeatureMap } from './feature-map.ts'

/**
 * The one map of the feature pyramid that memory and decoder read whole: the finest of the top-down levels, at
 * stride 16 (backbones/image_encoder.py, FpnNeck). The finer levels are lateral only and go straight into the
 * decoder's convolutions, see `composedPointwise`. `maps` finest first; gives rows [size^2, dModel].
 */
export function lateralPyramid(
  g: GraphBuilder,
  maps: readonly FeatureMap[],
  neck: NeckConfiguration,
  dModel: number,
): Value {
  const wanted = maps.length - 1 - neck.scalp
  let coarser: Value | undefined
  for (let level = maps.length - 1; level >= wanted; level--) {
    const map = maps[level]!
    const name = `image_encoder.neck.convs.${maps.length - 1 - level}.conv`
    const lateral = pointwise(g, map.value, name, { inputs: map.channels, outputs: dModel })
    coarser =
      coarser !== undefined && neck.topDownLevels.includes(level)
        ? add(g, lateral, stretchTwice(g, coarser, map.size / 2, dModel))
        : lateral
  }
  return coarser!
}

/** Nearest-neighbour stretch of rows of channels: [size^2, C] -> [(2 size)^2, C]. */
function stretchTwice(g: GraphBuilder, x: Value, size: number, channels: number): Value {
  const spread = reshape(g, x, [size, 1, size, 1, channels])
  const repeated = g.operator('Expand', [spread, g.integers([size, 2, size, 2, channels])])
  return reshape(g, repeated, [size * size * 4, channels])
}

export interface ComposedPointwise {
  readonly first: string
  readonly second: string
  readonly hidden: number
  readonly outputs: number
}

/**
 * Two 1x1 convolutions with nothing between them as one: W2 (W1 x + b1) + b2 = (W2 W1) x + (W2 b1 + b2). The product
 * of the weights is constant, so the runtime folds it when the session is made and the hidden map never exists.
 */
export function composedPointwise(g: GraphBuilder, map: FeatureMap, names: ComposedPointwise): Value {
  const { first, second, hidden, outputs } = names
  const firstWeight = g.weight(`${first}.weight`, [hidden, map.channels, 1, 1], [hidden, map.channels])
  const firstBias = g.weight(`${first}.bias`, [hidden], [hidden, 1])
  const secondWeight = g.weight(`${second}.weight`, [outputs, hidden, 1, 1], [outputs, hidden])
  const secondBias = g.weight(`${second}.bias`, [outputs], [outputs, 1])
  const weight = g.operator('MatMul', [secondWeight, firstWeight])
  const bias = reshape(g, add(g, g.operator('MatMul', [secondWeight, firstBias]), secondBias), [outputs])
  return g.operator('Gemm', [map.value, weight, bias], { transB: integer(1) })
}
