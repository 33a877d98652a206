import { integer, integers, type GraphBuilder, type Value } from '../graph/graph-builder.ts'
import { convolution, kernelShape, reshape, rowsOfChannels, type ConvolutionShape } from '../graph/layers.ts'
import { elementTypes } from '../graph/onnx-model.ts'
import type { FeatureMap } from './feature-map.ts'
import { blocksOf, trunkPrefix, type InvertedResidual } from './mobilenet-v2.ts'
import type { MobileNetV2Trunk } from './configuration.ts'

/** Quantised weights are -127 to 127; with 7 bits the maps are two to three times as far off. */
const largestWeight = 127
/** ReLU6 leaves 0 to 6; a result that saturates there needs no ReLU6. */
const clippedScale = 6 / 255
/** The byte that is 0 in maps between blocks, which have either sign. */
const middle = 128

interface Quantised {
  readonly bytes: Value
  /** What one step is worth. */
  readonly scale: number
  /** The byte that is 0. */
  readonly zero: number
}

/**
 * `mobileNetV2` in 8 bits but for its first convolution. Weights have a scale for each output channel. The scales of maps are
 * constants, because only so the runtime packs its fastest kernels: for what a ReLU6 leaves they are known, for the maps
 * between blocks they come from the largest values met there.
 */
export function mobileNetV2Int8(
  g: GraphBuilder,
  image: Value,
  trunk: MobileNetV2Trunk & { readonly largestValues: readonly number[] },
  imageSize: number,
): FeatureMap[] {
  const stem = { inputs: 3, outputs: trunk.stem, kernel: 3, stride: 2, padding: 1 }
  let x: Quantised = quantised(g, convolution(g, image, `${trunkPrefix}.stem`, stem), clippedScale, 0)
  const scales = trunk.largestValues.map((largest) => largest / (255 - middle))
  const lastOfStride = new Map<number, { map: Quantised; channels: number }>()
  let used = 0
  for (const { block, strideAfter } of blocksOf(trunk)) {
    const projected = bottleneck(g, x, block, scales[used++]!)
    x = block.isResidual ? sum(g, x, projected, scales[used++]!) : projected
    lastOfStride.set(strideAfter, { map: x, channels: block.outputs })
  }
  return trunk.taps.map(({ stride }) => {
    const { map, channels } = lastOfStride.get(stride)!
    const floats = g.operator('DequantizeLinear', [map.bytes, ...scaleAndZero(g, map)])
    return { value: rowsOfChannels(g, floats, channels), size: imageSize / stride, channels }
  })
}

function bottleneck(g: GraphBuilder, x: Quantised, block: InvertedResidual, scale: number): Quantised {
  const { name, inputs, outputs, expansion, stride, dilation } = block
  const width = inputs * expansion
  const clipped = { scale: clippedScale, zero: 0 }
  const expanded =
    expansion === 1 ? x : convolved(g, x, `${name}.expand`, { inputs, outputs: width, kernel: 1 }, clipped)
  const depthwise = {
    ...{ inputs: width, outputs: width, kernel: 3, depthwise: true },
    ...{ stride, dilation, padding: dilation },
  }
  const spatial = convolved(g, expanded, `${name}.depthwise`, depthwise, clipped)
  const project = { inputs: width, outputs, kernel: 1 }
  return convolved(g, spatial, `${name}.project`, project, { scale, zero: middle })
}

function convolved(
  g: GraphBuilder,
  x: Quantised,
  name: string,
  shape: ConvolutionShape,
  to: Pick<Quantised, 'scale' | 'zero'>,
): Quantised {
  const { inputs, outputs, kernel, stride = 1, padding = 0, dilation = 1, depthwise = false } = shape
  // All of this is of constants: the runtime computes it when the session is made.
  const weight = g.weight(`${name}.weight`, kernelShape(shape))
  const largest = g.operator('ReduceMax', [g.operator('Abs', [weight]), g.integers([1, 2, 3])])
  const perChannel = g.operator('Div', [
    g.operator('Max', [largest, g.floats([1e-6], [1])]),
    g.floats([largestWeight], [1]),
  ])
  const weightBytes = rounded(g, g.operator('Div', [weight, perChannel]), 'int8')
  const weightScale = reshape(g, perChannel, [outputs])
  const sumScale = g.operator('Mul', [weightScale, g.floats([x.scale], [1])])
  const bias = rounded(g, g.operator('Div', [g.weight(`${name}.bias`, [outputs]), sumScale]), 'int32')
  const weightZero = rounded(g, g.floats(new Float32Array(outputs), [outputs]), 'int8')
  const bytes = g.operator(
    'QLinearConv',
    [x.bytes, ...scaleAndZero(g, x), weightBytes, weightScale, weightZero, ...scaleAndZero(g, to), bias],
    {
      kernel_shape: integers([kernel, kernel]),
      strides: integers([stride, stride]),
      pads: integers([padding, padding, padding, padding]),
      dilations: integers([dilation, dilation]),
      group: integer(depthwise ? inputs : 1),
    },
  )
  return { bytes, ...to }
}

function sum(g: GraphBuilder, a: Quantised, b: Quantised, scale: number): Quantised {
  const to = { scale, zero: middle }
  const inputs = [a, b].flatMap((x) => [x.bytes, ...scaleAndZero(g, x)])
  const bytes = g.operator('QLinearAdd', [...inputs, ...scaleAndZero(g, to)], {}, 'com.microsoft')
  return { bytes, ...to }
}

function quantised(g: GraphBuilder, x: Value, scale: number, zero: number): Quantised {
  const bytes = g.operator('QuantizeLinear', [x, ...scaleAndZero(g, { scale, zero })])
  return { bytes, scale, zero }
}

function scaleAndZero(g: GraphBuilder, { scale, zero }: Pick<Quantised, 'scale' | 'zero'>): [Value, Value] {
  return [g.floats([scale], []), rounded(g, g.floats([zero], []), 'uint8')]
}

function rounded(g: GraphBuilder, x: Value, type: 'uint8' | 'int8' | 'int32'): Value {
  return g.operator('Cast', [g.operator('Round', [x])], { to: integer(elementTypes[type]) })
}
