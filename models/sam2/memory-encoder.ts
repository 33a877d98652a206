import type { Checkpoint } from '../checkpoint/checkpoint.ts'
import { GraphBuilder, type GraphStyle, type Value } from '../graph/graph-builder.ts'
import { normalisedConvolution } from '../graph/normalised-convolution.ts'
import {
  add,
  channelsFirst,
  convolution,
  gelu,
  layerNorm,
  linear,
  multiply,
  pointwise,
  reshape,
  rowsOfChannels,
  upsampleBilinear,
} from '../graph/layers.ts'
import { memoryTokensOf, type ModelConfiguration } from './configuration.ts'
import { spatialPerceiver } from './spatial-perceiver.ts'

const prefix = 'memory_encoder'
const epsilon = 1e-6
const fuserLayers = 2
/** Up to so many channels normalising by planes is faster than by rows. */
const mostPlanes = 16
const sigmoidScale = 20
const sigmoidBias = -10

/**
 * The memory encoder (SAM 2 paper, section 4, "Memory encoder and memory bank"; SAM2Base._encode_new_memory).
 * n = (S/16)^2 cells, T tokens: the cells themselves, or what EdgeTAM's perceiver makes of them.
 *
 * Inputs: `mask_logits` [1, 1, S/4, S/4]; `memory_pixels` [n, d] of the frame preparation; `binarize` [1], 1 to take
 * the mask as foreground or not (frames with prompts), 0 to take its probability; from 2.1 on `absent` [1], 1 where
 * the object is judged absent.
 * Output: `memory` [1, T, memoryDim].
 */
export function buildMemoryEncoder(
  checkpoint: Checkpoint,
  configuration: ModelConfiguration,
  style?: GraphStyle,
): Uint8Array {
  const g = new GraphBuilder('memory-encoder', checkpoint, style)
  const { dModel, memoryDim, imageSize } = configuration
  const size = imageSize / 16
  const logits = g.input('mask_logits', 'float32', [1, 1, size * 4, size * 4])
  const pixels = g.input('memory_pixels', 'float32', [size * size, dModel])
  const binarize = g.input('binarize', 'float32', [1])

  const mask = scaledMask(g, upsampleBilinear(g, logits, 4), binarize)
  const shape = [1, memoryTokensOf(configuration), memoryDim]
  g.output('memory', reshape(g, fusedMemory(g, configuration, mask, pixels), shape), shape)
  return g.build()
}

/** Memory [T, memoryDim] of a scaled mask [1, 1, S, S] and the picture's projection [n, d]. */
export function fusedMemory(
  g: GraphBuilder,
  configuration: ModelConfiguration,
  mask: Value,
  pixels: Value,
): Value {
  const { dModel, memoryDim, imageSize, version, spatialPerceiver: perceiver } = configuration
  const size = imageSize / 16
  let x = add(g, pixels, maskDownsampler(g, mask, imageSize, dModel))
  for (let layer = 0; layer < fuserLayers; layer++) {
    x = convNextBlock(g, x, `${prefix}.fuser.layers.${layer}`, { size, dModel })
  }
  const memory =
    dModel === memoryDim ? x : pointwise(g, x, `${prefix}.out_proj`, { inputs: dModel, outputs: memoryDim })
  const marked = version === '2.0' ? memory : add(g, memory, absentMark(g, memoryDim))
  return perceiver ? spatialPerceiver(g, { value: marked, size, channels: memoryDim }, perceiver) : marked
}

/** SAM 2.1 marks the memory of a frame without the object: [1, memoryDim]. */
function absentMark(g: GraphBuilder, memoryDim: number): Value {
  const absent = g.input('absent', 'float32', [1])
  return multiply(g, g.weight('no_obj_embed_spatial', [1, memoryDim]), absent)
}

/** 20 m - 10, m the probability or, binarised, whether it is over one half. */
export function scaledMask(g: GraphBuilder, logits: Value, binarize: Value): Value {
  const soft = g.operator('Sigmoid', [logits])
  const hard = g.castToFloat(g.operator('Greater', [logits, g.floats([0], [1])]))
  const isHard = g.operator('Greater', [binarize, g.floats([0], [1])])
  const mask = g.operator('Where', [isHard, hard, soft])
  return add(g, multiply(g, mask, g.floats([sigmoidScale], [1])), g.floats([sigmoidBias], [1]))
}

/** MaskDownSampler: [1, 1, S, S] -> rows [(S/16)^2, d]. */
function maskDownsampler(g: GraphBuilder, mask: Value, imageSize: number, dModel: number): Value {
  const name = `${prefix}.mask_downsampler.encoder`
  let x = mask
  let channels = 1
  let size = imageSize
  for (let step = 0; step < 4; step++) {
    const shape = { inputs: channels, outputs: channels * 4, kernel: 3, stride: 2, padding: 1 }
    const names = { convolution: `${name}.${step * 3}`, norm: `${name}.${step * 3 + 1}` }
    channels *= 4
    size /= 2
    if (channels <= mostPlanes) {
      x = gelu(g, normalisedConvolution(g, x, names, shape, { side: size, epsilon }))
      continue
    }
    const halved = rowsOfChannels(g, convolution(g, x, names.convolution, shape), channels)
    const activated = gelu(g, layerNorm(g, halved, names.norm, channels, epsilon))
    if (step === 3) return pointwise(g, activated, `${name}.12`, { inputs: channels, outputs: dModel })
    x = channelsFirst(g, activated, size, size)
  }
  throw new Error('unreachable: the fourth step returns')
}

/** CXBlock, a ConvNeXt block, on rows [size^2, d]. */
function convNextBlock(
  g: GraphBuilder,
  x: Value,
  name: string,
  { size, dModel }: { readonly size: number; readonly dModel: number },
): Value {
  const shape = { inputs: dModel, outputs: dModel, kernel: 7, padding: 3, depthwise: true }
  const spatial = convolution(g, channelsFirst(g, x, size, size), `${name}.dwconv`, shape)
  const normed = layerNorm(g, rowsOfChannels(g, spatial, dModel), `${name}.norm`, dModel, epsilon)
  const hidden = gelu(g, linear(g, normed, `${name}.pwconv1`, { inputs: dModel, outputs: dModel * 4 }))
  const y = linear(g, hidden, `${name}.pwconv2`, { inputs: dModel * 4, outputs: dModel })
  return add(g, x, multiply(g, y, g.weight(`${name}.gamma`, [dModel])))
}
