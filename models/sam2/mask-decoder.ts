import { attention } from '../graph/attention.ts'
import type { Checkpoint } from '../checkpoint/checkpoint.ts'
import { GraphBuilder, type GraphStyle, integer, type Value } from '../graph/graph-builder.ts'
import {
  add,
  concatenate,
  gelu,
  layerNorm,
  linear,
  multiply,
  perceptron,
  reshape,
  rows,
  transpose,
} from '../graph/layers.ts'
import type { ModelConfiguration } from './configuration.ts'
import { cellCentres, fourierPositionEncoding } from './position-encoding.ts'
import { cellsToTokens, heads, tokensToCells, type TokenAttention } from './token-attention.ts'
import { maskEmbedding, noMaskEmbedding, noPointTokens, pointTokens } from './prompt-encoder.ts'

const prefix = 'sam_mask_decoder'
const depth = 2
const mlpWidth = 2048
const iouHeadWidth = 256
const maskTokenCount = 4
const epsilon = 1e-5

/**
 * What the decoder is asked with. Each is a graph of its own, so that a tracked frame, the case that repeats
 * thousands of times, carries no prompt machinery and no mask that it would throw away.
 */
export type DecoderPrompt = 'none' | 'points' | 'points-and-mask'

/**
 * Prompt encoder, mask decoder and object pointer projection (SAM2Base._forward_sam_heads up to the choice among
 * its masks). n = (S/16)^2 cells.
 *
 * Inputs: `embedding` [n, d]; `stride8` [4n, d/4]; `stride4` [16n, d/8]; with points `coordinates` [P, 2] in model
 * pixels, `labels` int64 [P] and `no_memory` [1], 1 where the embedding has not seen the memory and
 * no_mem_embed is to be added; with a mask `mask_prompt` [1, 1, S/4, S/4] logits.
 * Outputs for K masks, all four (single first) with prompts and the three of the multimask output without:
 * `mask_logits` [K, 16n], `ious` [1, 4] (always of all four), `object_score` [1, 1], `pointers` [K, d].
 */
export function buildMaskDecoder(
  checkpoint: Checkpoint,
  configuration: ModelConfiguration,
  prompt: DecoderPrompt,
  style?: GraphStyle,
): Uint8Array {
  const g = new GraphBuilder(`mask-decoder-${prompt}`, checkpoint, style)
  const { dModel, imageSize } = configuration
  const size = imageSize / 16
  const cells = size * size
  const image = g.input('embedding', 'float32', [cells, dModel])
  const stride8 = g.input('stride8', 'float32', [cells * 4, dModel / 4])
  const stride4 = g.input('stride4', 'float32', [cells * 16, dModel / 8])
  const { sparse, dense, embedding } = encodePrompt(g, image, configuration, prompt)

  const outputTokens = ['obj_score_token', 'iou_token'].map((name) =>
    g.weight(`${prefix}.${name}.weight`, [1, dModel]),
  )
  const maskTokens = g.weight(`${prefix}.mask_tokens.weight`, [maskTokenCount, dModel])
  const tokens = concatenate(g, [...outputTokens, maskTokens, sparse], 0)
  const places = fourierPositionEncoding(g, g.floats(cellCentres(size), [cells, 2]), dModel)
  const { queries, keys } = twoWayTransformer(g, {
    tokens,
    image: add(g, embedding, dense),
    places,
    dModel,
    cellCount: cells,
  })

  const first = prompt === 'none' ? 1 : 0
  const upscaled = upscale(g, keys, { stride8, stride4, size, dModel })
  const logits = concatenate(
    g,
    Array.from({ length: maskTokenCount - first }, (_, index) => {
      const token = rows(g, queries, 2 + first + index, 3 + first + index)
      const name = `${prefix}.output_hypernetworks_mlps.${first + index}`
      return perceptron(g, token, name, [dModel, dModel, dModel, dModel / 8])
    }),
    0,
  )
  const maskLogits = g.operator('Gemm', [logits, upscaled], { transB: integer(1) })
  g.output('mask_logits', maskLogits, [maskTokenCount - first, cells * 16])

  const iouWidths = [dModel, iouHeadWidth, iouHeadWidth, maskTokenCount]
  const ious = perceptron(g, rows(g, queries, 1, 2), `${prefix}.iou_prediction_head`, iouWidths)
  g.output('ious', g.operator('Sigmoid', [ious]), [1, maskTokenCount])
  const score = perceptron(g, rows(g, queries, 0, 1), `${prefix}.pred_obj_score_head`, [
    dModel,
    dModel,
    dModel,
    1,
  ])
  g.output('object_score', score, [1, 1])
  const chosen = rows(g, queries, 2 + first, 2 + maskTokenCount)
  g.output('pointers', perceptron(g, chosen, 'obj_ptr_proj', [dModel, dModel, dModel, dModel]), [
    maskTokenCount - first,
    dModel,
  ])
  return g.build()
}

function encodePrompt(
  g: GraphBuilder,
  image: Value,
  configuration: ModelConfiguration,
  prompt: DecoderPrompt,
): { sparse: Value; dense: Value; embedding: Value } {
  const { dModel, imageSize } = configuration
  if (prompt === 'none') {
    return { sparse: noPointTokens(g, dModel), dense: noMaskEmbedding(g, dModel), embedding: image }
  }
  const coordinates = g.input('coordinates', 'float32', ['points', 2])
  const labels = g.input('labels', 'int64', ['points'])
  const noMemory = g.input('no_memory', 'float32', [1])
  const noMemoryEmbedding = g.weight('no_mem_embed', [1, 1, dModel], [1, dModel])
  const size = imageSize / 16
  return {
    sparse: pointTokens(g, coordinates, labels, { imageSize, dModel }),
    dense:
      prompt === 'points'
        ? noMaskEmbedding(g, dModel)
        : maskEmbedding(g, g.input('mask_prompt', 'float32', [1, 1, size * 4, size * 4]), size, dModel),
    embedding: add(g, image, multiply(g, noMemoryEmbedding, noMemory)),
  }
}

interface TwoWayInputs {
  /** [T, d] */
  readonly tokens: Value
  /** [n, d] */
  readonly image: Value
  /** [n, d] */
  readonly places: Value
  readonly dModel: number
  /** n */
  readonly cellCount: number
}

/** TwoWayTransformer (sam/transformer.py): tokens attend to the picture and the picture to the tokens. */
function twoWayTransformer(
  g: GraphBuilder,
  { tokens, image, places, dModel, cellCount }: TwoWayInputs,
): { queries: Value; keys: Value } {
  const of = (name: string): TokenAttention => ({ name, dModel, width: dModel / 2, cellCount })
  let queries = tokens
  let keys = image
  for (let layer = 0; layer < depth; layer++) {
    const name = `${prefix}.transformer.layers.${layer}`
    const norm = (x: Value, index: number): Value => layerNorm(g, x, `${name}.norm${index}`, dModel, epsilon)
    // The first layer's queries are the tokens themselves and replace rather than refine.
    const own = layer === 0 ? queries : add(g, queries, tokens)
    const between = selfAttention(g, { query: own, key: own, value: queries }, `${name}.self_attn`, dModel)
    queries = norm(layer === 0 ? between : add(g, queries, between), 1)

    const seen = { tokens: add(g, queries, tokens), keys: add(g, keys, places), values: keys }
    queries = norm(add(g, queries, tokensToCells(g, seen, of(`${name}.cross_attn_token_to_image`))), 2)
    queries = norm(add(g, queries, perceptron(g, queries, `${name}.mlp`, [dModel, mlpWidth, dModel])), 3)

    const told = { cells: add(g, keys, places), keys: add(g, queries, tokens), values: queries }
    keys = norm(add(g, keys, cellsToTokens(g, told, of(`${name}.cross_attn_image_to_token`))), 4)
  }
  const last = { tokens: add(g, queries, tokens), keys: add(g, keys, places), values: keys }
  const name = `${prefix}.transformer`
  const attended = tokensToCells(g, last, of(`${name}.final_attn_token_to_image`))
  return {
    queries: layerNorm(g, add(g, queries, attended), `${name}.norm_final_attn`, dModel, epsilon),
    keys,
  }
}

/** Attention (sam/transformer.py) of the tokens to each other. */
function selfAttention(
  g: GraphBuilder,
  inputs: { readonly query: Value; readonly key: Value; readonly value: Value },
  name: string,
  dModel: number,
): Value {
  const widths = { inputs: dModel, outputs: dModel }
  const side = (x: Value, which: string): Value =>
    reshape(g, linear(g, x, `${name}.${which}_proj`, widths), [1, -1, dModel])
  const attended = attention(g, {
    query: side(inputs.query, 'q'),
    key: side(inputs.key, 'k'),
    value: side(inputs.value, 'v'),
    heads,
    widths: { query: dModel, value: dModel },
  })
  return linear(g, reshape(g, attended, [-1, dModel]), `${name}.out_proj`, widths)
}

interface Upscaling {
  readonly stride8: Value
  readonly stride4: Value
  readonly size: number
  readonly dModel: number
}

/** output_upscaling with the finer maps added: [n, d] -> [16n, d/8]. */
function upscale(g: GraphBuilder, keys: Value, { stride8, stride4, size, dModel }: Upscaling): Value {
  const name = `${prefix}.output_upscaling`
  const quarter = dModel / 4
  const eighth = dModel / 8
  const twice = transposedConvolution(g, keys, `${name}.0`, { inputs: dModel, outputs: quarter, size })
  const normed = layerNorm(g, add(g, twice, stride8), `${name}.1`, quarter, 1e-6)
  const fourTimes = transposedConvolution(g, gelu(g, normed), `${name}.3`, {
    inputs: quarter,
    outputs: eighth,
    size: size * 2,
  })
  return gelu(g, add(g, fourTimes, stride4))
}

interface Doubling {
  readonly inputs: number
  readonly outputs: number
  /** Side of the map before. */
  readonly size: number
}

/**
 * A transposed convolution of kernel and stride 2 on rows of channels: every cell becomes its own 2x2 block, so it is one
 * matrix product and a rearrangement. The checkpoint's weight [C, C', 2, 2] is turned to [C, 2 * 2 * C'] beforehand, so
 * that what is rearranged for every picture are long runs.
 */
function transposedConvolution(
  g: GraphBuilder,
  x: Value,
  name: string,
  { inputs, outputs, size }: Doubling,
): Value {
  const weight = transpose(g, g.weight(`${name}.weight`, [inputs, outputs, 2, 2]), [0, 2, 3, 1])
  const bias = g.weight(`${name}.bias`, [outputs])
  const kernel = reshape(g, weight, [inputs, 4 * outputs])
  const blocks = g.operator('Gemm', [x, kernel, concatenate(g, [bias, bias, bias, bias], 0)])
  // [size * size, 2 * 2 * C'] -> [size, 2, size, 2 * C']
  const map = transpose(g, reshape(g, blocks, [size, size, 2, 2 * outputs]), [0, 2, 1, 3])
  return reshape(g, map, [size * size * 4, outputs])
}
