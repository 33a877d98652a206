import type { GraphBuilder, Value } from '../graph/graph-builder.ts'
import {
  add,
  convolution,
  convolutionWith,
  gelu,
  kernelShape,
  multiply,
  relu,
  reshape,
  rowsOfChannels,
  type ConvolutionShape,
  type Kernel,
} from '../graph/layers.ts'
import type { RepVitTrunk } from './configuration.ts'
import type { FeatureMap } from './feature-map.ts'

const prefix = 'image_encoder.trunk.body'
const batchNormEpsilon = 1e-5
const mlpRatio = 2

/**
 * The RepViT trunk of EdgeTAM ("RepViT: Revisiting Mobile CNN From ViT Perspective", arXiv 2307.09283; names are
 * timm's, `repvit_m1`): picture [1, 3, S, S] to maps at strides 4, 8, 16 and 32. The checkpoint has the branches and
 * batch norms of training. They are linear, so the graph sums each set up to one convolution from constants alone,
 * which the runtime folds when the session is made.
 */
export function repVit(g: GraphBuilder, image: Value, trunk: RepVitTrunk, imageSize: number): FeatureMap[] {
  const [first] = trunk.channels
  let x = stem(g, image, first)
  let inputs = first
  return trunk.channels.map((channels, stage) => {
    const name = `${prefix}.stages_${stage}`
    if (stage > 0) x = downsample(g, x, `${name}.downsample`, { inputs, outputs: channels })
    for (let index = 0; index < trunk.depths[stage]!; index++) {
      x = block(g, x, `${name}.blocks.${index}`, { channels, squeezed: index % 2 === 0 })
    }
    inputs = channels
    return { value: rowsOfChannels(g, x, channels), size: imageSize / 2 ** (stage + 2), channels }
  })
}

/** [1, 3, S, S] -> [1, C, S/4, S/4] */
function stem(g: GraphBuilder, image: Value, channels: number): Value {
  const halving = { kernel: 3, stride: 2, padding: 1 }
  const half = { ...halving, inputs: 3, outputs: channels / 2 }
  const x = gelu(g, normedConvolution(g, image, `${prefix}.stem.conv1`, half))
  return normedConvolution(g, x, `${prefix}.stem.conv2`, {
    ...halving,
    inputs: channels / 2,
    outputs: channels,
  })
}

/** [1, inputs, H, W] -> [1, outputs, H/2, W/2] */
function downsample(
  g: GraphBuilder,
  x: Value,
  name: string,
  { inputs, outputs }: { readonly inputs: number; readonly outputs: number },
): Value {
  const mixed = block(g, x, `${name}.pre_block`, { channels: inputs, squeezed: false })
  const halved = normedConvolution(g, mixed, `${name}.spatial_downsample`, {
    inputs,
    outputs: inputs,
    kernel: 3,
    stride: 2,
    padding: 1,
    depthwise: true,
  })
  const widened = normedConvolution(g, halved, `${name}.channel_downsample`, { inputs, outputs, kernel: 1 })
  return mixChannels(g, widened, `${name}.ffn`, outputs)
}

interface Block {
  readonly channels: number
  /** Whether its channels are weighed by squeeze and excitation. */
  readonly squeezed: boolean
}

function block(g: GraphBuilder, x: Value, name: string, { channels, squeezed }: Block): Value {
  const shape = { inputs: channels, outputs: channels, kernel: 3, padding: 1, depthwise: true }
  const mixed = convolutionWith(g, x, tokenMixer(g, `${name}.token_mixer`, channels), shape)
  const weighed = squeezed ? squeezeAndExcite(g, mixed, `${name}.se`, channels) : mixed
  return mixChannels(g, weighed, `${name}.channel_mixer`, channels)
}

/** The branches of a token mixer as one 3x3 kernel: a 3x3, a 1x1 and the identity, all depthwise. */
function tokenMixer(g: GraphBuilder, name: string, channels: number): Kernel {
  const depthwise = { inputs: channels, outputs: channels, depthwise: true }
  const wide = foldedKernel(g, `${name}.conv`, { ...depthwise, kernel: 3 })
  const narrow = foldedKernel(g, `${name}.conv1`, { ...depthwise, kernel: 1 })
  const centre = g.floats([0, 0, 0, 0, 1, 0, 0, 0, 0], [1, 1, 3, 3])
  const centred = multiply(g, add(g, narrow.weight, g.floats([1], [1])), centre)
  return { weight: add(g, wide.weight, centred), bias: add(g, wide.bias, narrow.bias) }
}

/** x + conv2(GELU(conv1(x))), 1x1. */
function mixChannels(g: GraphBuilder, x: Value, name: string, channels: number): Value {
  const width = channels * mlpRatio
  const hidden = gelu(
    g,
    normedConvolution(g, x, `${name}.conv1`, { inputs: channels, outputs: width, kernel: 1 }),
  )
  return add(
    g,
    x,
    normedConvolution(g, hidden, `${name}.conv2`, { inputs: width, outputs: channels, kernel: 1 }),
  )
}

/** Weighs channels by what the whole map says of them (timm's SqueezeExcite). */
function squeezeAndExcite(g: GraphBuilder, x: Value, name: string, channels: number): Value {
  // A quarter of the channels, to the nearest multiple of eight.
  const reduced = Math.max(8, Math.floor((channels / 4 + 4) / 8) * 8)
  const mean = g.operator('GlobalAveragePool', [x])
  const squeezed = relu(
    g,
    convolution(g, mean, `${name}.fc1`, { inputs: channels, outputs: reduced, kernel: 1 }),
  )
  const excited = convolution(g, squeezed, `${name}.fc2`, { inputs: reduced, outputs: channels, kernel: 1 })
  return multiply(g, x, g.operator('Sigmoid', [excited]))
}

function normedConvolution(g: GraphBuilder, x: Value, name: string, shape: ConvolutionShape): Value {
  return convolutionWith(g, x, foldedKernel(g, name, shape), shape)
}

/** A convolution without bias, `name.c`, and the batch norm behind it, `name.bn`, as one kernel. */
function foldedKernel(g: GraphBuilder, name: string, shape: ConvolutionShape): Kernel {
  const channels = [shape.outputs]
  const statistic = (which: string): Value => g.weight(`${name}.bn.${which}`, channels)
  const variance = add(g, statistic('running_var'), g.floats([batchNormEpsilon], [1]))
  const scale = g.operator('Div', [statistic('weight'), g.operator('Sqrt', [variance])])
  const shift = multiply(g, statistic('running_mean'), scale)
  return {
    weight: multiply(
      g,
      g.weight(`${name}.c.weight`, kernelShape(shape)),
      reshape(g, scale, [shape.outputs, 1, 1, 1]),
    ),
    bias: g.operator('Sub', [statistic('bias'), shift]),
  }
}
