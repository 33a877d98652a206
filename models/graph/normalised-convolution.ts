import type { GraphBuilder, Value } from './graph-builder.ts'
import { add, convolutionWith, kernelShape, multiply, reshape, type ConvolutionShape } from './layers.ts'

export interface NormalisedNames {
  readonly convolution: string
  /** LayerNorm2d over the channels. */
  readonly norm: string
}

/**
 * torch.nn.Conv2d and LayerNorm2d for few channels: [1, C, H, W] -> [1, C', side, side]. The runtime's LayerNormalization
 * goes row by row, so 65,536 rows of 4 channels take it longer than the convolution; here all runs along whole planes.
 * The mean over the channels is taken out of the convolution's weights, where it is a constant.
 */
export function normalisedConvolution(
  g: GraphBuilder,
  x: Value,
  { convolution, norm }: NormalisedNames,
  shape: ConvolutionShape,
  { side, epsilon }: { readonly side: number; readonly epsilon: number },
): Value {
  const { outputs } = shape
  const centred = (value: Value): Value =>
    g.operator('Sub', [value, g.operator('ReduceMean', [value, g.integers([0])])])
  const kernel = {
    weight: centred(g.weight(`${convolution}.weight`, kernelShape(shape))),
    bias: centred(g.weight(`${convolution}.bias`, [outputs])),
  }
  // [C', side * side]
  const planes = reshape(g, convolutionWith(g, x, kernel, shape), [outputs, side * side])
  const squares = g.operator('Pow', [planes, g.floats([2], [1])])
  // [1, side * side]; as a product much faster than as a mean over the first axis.
  const share = new Float32Array(outputs).fill(1 / outputs)
  const variance = g.operator('MatMul', [g.floats(share, [1, outputs]), squares])
  const deviation = g.operator('Sqrt', [add(g, variance, g.floats([epsilon], [1]))])
  const normed = multiply(g, planes, g.operator('Reciprocal', [deviation]))
  const perChannel = (name: string): Value => g.weight(`${norm}.${name}`, [outputs], [outputs, 1])
  const scaled = add(g, multiply(g, normed, perChannel('weight')), perChannel('bias'))
  return reshape(g, scaled, [1, outputs, side, side])
}
