import type { GraphBuilder, Value } from '../graph/graph-builder.ts'
import {
  add,
  channelsFirst,
  concatenate,
  convolution,
  gelu,
  layerNorm,
  multiply,
  rowsOfChannels,
} from '../graph/layers.ts'
import { fourierPositionEncoding } from './position-encoding.ts'

const prefix = 'sam_prompt_encoder'

/** Labels of the prompt encoder's points. `padding` marks a token that stands for no point. */
export const pointLabels = {
  padding: -1,
  negative: 0,
  positive: 1,
  boxTopLeft: 2,
  boxBottomRight: 3,
} as const

/**
 * Point tokens (prompt_encoder.py, `_embed_points`): `coordinates` [P, 2] in model pixels, `labels` int64 [P],
 * the closing padding point among them. Gives [P, d].
 */
export function pointTokens(
  g: GraphBuilder,
  coordinates: Value,
  labels: Value,
  sizes: { readonly imageSize: number; readonly dModel: number },
): Value {
  const { imageSize, dModel } = sizes
  const centred = add(g, coordinates, g.floats([0.5], [1]))
  const relative = g.operator('Div', [centred, g.floats([imageSize], [1])])
  const encoded = fourierPositionEncoding(g, relative, dModel)
  const names = [
    `${prefix}.not_a_point_embed`,
    ...[0, 1, 2, 3].map((label) => `${prefix}.point_embeddings.${label}`),
  ]
  const table = concatenate(
    g,
    names.map((name) => g.weight(`${name}.weight`, [1, dModel])),
    0,
  )
  const row = add(g, labels, g.integers([1]))
  // 0 for padding, whose place says nothing, 1 for points: [P, 1]
  const placed = g.operator('Gather', [g.floats([0, 1, 1, 1, 1], [5, 1]), row])
  return add(g, multiply(g, encoded, placed), g.operator('Gather', [table, row]))
}

/** The two tokens that the decoder gets when nothing is prompted: [2, d]. */
export function noPointTokens(g: GraphBuilder, dModel: number): Value {
  const padding = g.weight(`${prefix}.not_a_point_embed.weight`, [1, dModel])
  return concatenate(g, [padding, padding], 0)
}

/** The embedding of "no mask prompt", one row for every cell: [1, d]. */
export function noMaskEmbedding(g: GraphBuilder, dModel: number): Value {
  return g.weight(`${prefix}.no_mask_embed.weight`, [1, dModel])
}

/** A mask prompt (`_embed_masks`): logits [1, 1, 4 size, 4 size] to rows [size^2, d]. */
export function maskEmbedding(g: GraphBuilder, logits: Value, size: number, dModel: number): Value {
  const quarter = downscale(g, logits, { index: 0, inputs: 1, outputs: 4, size: size * 2 })
  const sixteenth = downscale(g, quarter, { index: 3, inputs: 4, outputs: 16, size })
  const shape = { inputs: 16, outputs: dModel, kernel: 1 }
  return rowsOfChannels(g, convolution(g, sixteenth, `${prefix}.mask_downscaling.6`, shape), dModel)
}

interface Downscale {
  readonly index: number
  readonly inputs: number
  readonly outputs: number
  /** Side of the result. */
  readonly size: number
}

function downscale(g: GraphBuilder, x: Value, { index, inputs, outputs, size }: Downscale): Value {
  const name = `${prefix}.mask_downscaling`
  const halved = convolution(g, x, `${name}.${index}`, { inputs, outputs, kernel: 2, stride: 2 })
  const normed = layerNorm(g, rowsOfChannels(g, halved, outputs), `${name}.${index + 1}`, outputs, 1e-6)
  return channelsFirst(g, gelu(g, normed), size, size)
}
