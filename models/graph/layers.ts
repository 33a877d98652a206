import { float, integer, integers, text, type GraphBuilder, type Value } from './graph-builder.ts'

const microsoft = 'com.microsoft'

/** A shape for `reshape`: -1 takes what is left, 0 keeps the input's dimension. */
export function reshape(g: GraphBuilder, x: Value, shape: readonly number[]): Value {
  return g.operator('Reshape', [x, g.integers(shape)])
}

export function transpose(g: GraphBuilder, x: Value, permutation: readonly number[]): Value {
  return g.operator('Transpose', [x], { perm: integers(permutation) })
}

export function add(g: GraphBuilder, a: Value, b: Value): Value {
  return g.operator('Add', [a, b])
}

export function multiply(g: GraphBuilder, a: Value, b: Value): Value {
  return g.operator('Mul', [a, b])
}

export function concatenate(g: GraphBuilder, values: readonly Value[], axis: number): Value {
  return g.operator('Concat', values, { axis: integer(axis) })
}

/** Rows `from` (included) to `to` (excluded) of the first axis. */
export function rows(g: GraphBuilder, x: Value, from: number, to: number): Value {
  return g.operator('Slice', [x, g.integers([from]), g.integers([to]), g.integers([0])])
}

export function relu(g: GraphBuilder, x: Value): Value {
  return g.operator('Relu', [x])
}

/** The exact GELU, x * (1 + erf(x / sqrt 2)) / 2. */
export function gelu(g: GraphBuilder, x: Value): Value {
  return g.operator('Gelu', [x], {}, microsoft)
}

export interface LinearWidths {
  readonly inputs: number
  readonly outputs: number
}

/** torch.nn.Linear on rows: [N, inputs] -> [N, outputs]. */
export function linear(g: GraphBuilder, x: Value, name: string, { inputs, outputs }: LinearWidths): Value {
  const weight = g.weight(`${name}.weight`, [outputs, inputs])
  return g.operator('Gemm', [x, weight, g.weight(`${name}.bias`, [outputs])], { transB: integer(1) })
}

/** torch.nn.Linear without bias. */
export function linearWithoutBias(
  g: GraphBuilder,
  x: Value,
  name: string,
  { inputs, outputs }: LinearWidths,
): Value {
  return g.operator('Gemm', [x, g.weight(`${name}.weight`, [outputs, inputs])], { transB: integer(1) })
}

/** A 1x1 convolution on rows of channels: [H*W, inputs] -> [H*W, outputs]. */
export function pointwise(g: GraphBuilder, x: Value, name: string, { inputs, outputs }: LinearWidths): Value {
  const weight = g.weight(`${name}.weight`, [outputs, inputs, 1, 1], [outputs, inputs])
  return g.operator('Gemm', [x, weight, g.weight(`${name}.bias`, [outputs])], { transB: integer(1) })
}

/**
 * sam2_utils.MLP: linear layers `name.layers.i` of the given widths with ReLU between them.
 * [N, widths[0]] -> [N, widths.at(-1)].
 */
export function perceptron(g: GraphBuilder, x: Value, name: string, widths: readonly number[]): Value {
  return widths.slice(1).reduce((value, outputs, index) => {
    const y = linear(g, value, `${name}.layers.${index}`, { inputs: widths[index]!, outputs })
    return index < widths.length - 2 ? relu(g, y) : y
  }, x)
}

/** LayerNorm over the last axis. LayerNorm2d is the same on rows of channels. */
export function layerNorm(g: GraphBuilder, x: Value, name: string, width: number, epsilon: number): Value {
  const inputs = [x, g.weight(`${name}.weight`, [width]), g.weight(`${name}.bias`, [width])]
  return g.operator('LayerNormalization', inputs, { axis: integer(-1), epsilon: float(epsilon) })
}

export interface ConvolutionShape {
  readonly inputs: number
  readonly outputs: number
  readonly kernel: number
  readonly stride?: number
  readonly padding?: number
  readonly dilation?: number
  /** One group per channel. */
  readonly depthwise?: boolean
}

/** The shape of a convolution's weight. */
export function kernelShape({ inputs, outputs, kernel, depthwise = false }: ConvolutionShape): number[] {
  return [outputs, depthwise ? 1 : inputs, kernel, kernel]
}

/** torch.nn.Conv2d with bias: [B, inputs, H, W] -> [B, outputs, H', W']. */
export function convolution(g: GraphBuilder, x: Value, name: string, shape: ConvolutionShape): Value {
  const weight = g.weight(`${name}.weight`, kernelShape(shape))
  return convolutionWith(g, x, { weight, bias: g.weight(`${name}.bias`, [shape.outputs]) }, shape)
}

/** A convolution's weight, of `kernelShape`, and bias, [outputs]. */
export interface Kernel {
  readonly weight: Value
  readonly bias: Value
}

/** torch.nn.Conv2d by weights that the graph computes. */
export function convolutionWith(
  g: GraphBuilder,
  x: Value,
  { weight, bias }: Kernel,
  shape: ConvolutionShape,
): Value {
  const { inputs, kernel, stride = 1, padding = 0, dilation = 1, depthwise = false } = shape
  return g.operator('Conv', [x, weight, bias], {
    kernel_shape: integers([kernel, kernel]),
    strides: integers([stride, stride]),
    pads: integers([padding, padding, padding, padding]),
    dilations: integers([dilation, dilation]),
    group: integer(depthwise ? inputs : 1),
  })
}

/** [1, C, H, W] -> [H*W, C]. */
export function rowsOfChannels(g: GraphBuilder, x: Value, channels: number): Value {
  return reshape(g, transpose(g, x, [0, 2, 3, 1]), [-1, channels])
}

/** [H*W, C] -> [1, C, H, W]. */
export function channelsFirst(g: GraphBuilder, x: Value, height: number, width: number): Value {
  return transpose(g, reshape(g, x, [1, height, width, -1]), [0, 3, 1, 2])
}

/** Bilinear resize of [B, C, H, W] by whole factors, as torch's interpolate with align_corners=False. */
export function upsampleBilinear(g: GraphBuilder, x: Value, factor: number): Value {
  return g.operator('Resize', [x, '', g.exactFloats([1, 1, factor, factor], [4])], {
    mode: text('linear'),
    coordinate_transformation_mode: text('half_pixel'),
  })
}
