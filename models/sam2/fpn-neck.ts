import { integer, type GraphBuilder, type Value } from '../graph/graph-builder.ts'
import {
  add,
  convolutionWith,
  kernelShape,
  pointwise,
  reshape,
  rowsOfChannels,
  type Kernel,
} from '../graph/layers.ts'
import type { NeckConfiguration } from './configuration.ts'
import type { FeatureMap, TrunkMap } from './feature-map.ts'

/**
 * The one map of the feature pyramid that memory and decoder read whole: the finest of the top-down levels, at
 * stride 16 (backbones/image_encoder.py, FpnNeck). The finer levels are lateral only and go straight into the
 * decoder's convolutions, see `composedPointwise`. `maps` finest first; gives rows [size^2, dModel].
 */
export function lateralPyramid(
  g: GraphBuilder,
  maps: readonly TrunkMap[],
  neck: NeckConfiguration,
  dModel: number,
): Value {
  const wanted = maps.length - 1 - neck.scalp
  let coarser: Value | undefined
  for (let level = maps.length - 1; level >= wanted; level--) {
    const map = maps[level]!
    const name = `image_encoder.neck.convs.${maps.length - 1 - level}.conv`
    const lateral = lateralOf(g, map, name, dModel)
    coarser =
      coarser !== undefined && neck.topDownLevels.includes(level)
        ? add(g, lateral, stretchTwice(g, coarser, map.size / 2, dModel))
        : lateral
  }
  return coarser!
}

function lateralOf(g: GraphBuilder, map: TrunkMap, name: string, outputs: number): Value {
  if (!('projection' in map)) return pointwise(g, map.value, name, { inputs: map.channels, outputs })
  const { planes, inputs, projection, channels } = map
  const shape = { inputs, outputs, kernel: 1 }
  const { weight, bias } = composedKernel(g, inputs, {
    ...{ first: projection, second: name },
    ...{ hidden: channels, outputs },
  })
  const kernel = { weight: reshape(g, weight, kernelShape(shape)), bias }
  return rowsOfChannels(g, convolutionWith(g, planes, kernel, shape), outputs)
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
  const { weight, bias } = composedKernel(g, map.channels, names)
  return g.operator('Gemm', [map.value, weight, bias], { transB: integer(1) })
}

/** Weight [outputs, inputs] and bias [outputs]. */
function composedKernel(
  g: GraphBuilder,
  inputs: number,
  { first, second, hidden, outputs }: ComposedPointwise,
): Kernel {
  const firstWeight = g.weight(`${first}.weight`, [hidden, inputs, 1, 1], [hidden, inputs])
  const firstBias = g.weight(`${first}.bias`, [hidden], [hidden, 1])
  const secondWeight = g.weight(`${second}.weight`, [outputs, hidden, 1, 1], [outputs, hidden])
  const secondBias = g.weight(`${second}.bias`, [outputs], [outputs, 1])
  const weight = g.operator('MatMul', [secondWeight, firstWeight])
  const bias = reshape(g, add(g, g.operator('MatMul', [secondWeight, firstBias]), secondBias), [outputs])
  return { weight, bias }
}
