import { attention } from '../graph/attention.ts'
import type { Checkpoint } from '../checkpoint/checkpoint.ts'
import { GraphBuilder, type GraphStyle, integer, type Value } from '../graph/graph-builder.ts'
import { add, concatenate, layerNorm, linear, multiply, pointwise, relu, reshape } from '../graph/layers.ts'
import { memoryTokensOf, type ModelConfiguration } from './configuration.ts'
import { axialRotaryTables, sinePositionEncoding, sineWavelengths } from './position-encoding.ts'

const epsilon = 1e-5

/**
 * What tracking needs of a picture whatever the object: the memory attention's input after its first
 * self-attention, and the memory encoder's projection of the picture.
 *
 * Input: `stride16` [n, d]. Outputs: `attended` [n, d], `memory_pixels` [n, d].
 */
export function buildFramePreparation(
  checkpoint: Checkpoint,
  configuration: ModelConfiguration,
  style?: GraphStyle,
): Uint8Array {
  const g = new GraphBuilder('frame-preparation', checkpoint, style)
  const { dModel } = configuration
  const size = configuration.imageSize / 16
  const features = g.input('stride16', 'float32', [size * size, dModel])
  const position = sinePositionEncoding(size, dModel).map((value) => Math.fround(0.1) * value)
  const positioned = add(g, features, g.floats(position, [size * size, dModel]))
  const rotary = rotaryTables(g, size, dModel)
  g.output('attended', selfAttention(g, positioned, 0, dModel, rotary), [size * size, dModel])
  const pixels = pointwise(g, features, 'memory_encoder.pix_feat_proj', { inputs: dModel, outputs: dModel })
  g.output('memory_pixels', pixels, [size * size, dModel])
  return g.build()
}

/**
 * Memory attention (SAM 2 paper, section 4, "Memory attention"; memory_attention.py), from the first layer's
 * cross-attention on. n = (S/16)^2 cells, M spatial memories of T tokens, P object pointers of d / memoryDim tokens.
 *
 * Inputs: `attended` [n, d]; `memory` [M, T, memoryDim]; `memory_times` int64 [M], rows of maskmem_tpos_enc;
 * and, `withPointers`, `pointers` [P, d] and `pointer_distances` [P] (frames over the longest distance).
 * Output: `conditioned` [n, d].
 */
export function buildMemoryAttention(
  checkpoint: Checkpoint,
  configuration: ModelConfiguration,
  { withPointers, valuesAtMemoryWidth = true }: MemoryAttentionOptions,
  style?: GraphStyle,
): Uint8Array {
  const g = new GraphBuilder(
    withPointers ? 'memory-attention' : 'memory-attention-without-pointers',
    checkpoint,
    style,
  )
  const { dModel, memoryDim, memoryAttentionLayers, feedForward } = configuration
  const size = configuration.imageSize / 16
  const attended = g.input('attended', 'float32', [size * size, dModel])
  const rotary = rotaryTables(g, size, dModel)
  const bank = memoryTokens(g, configuration, withPointers)
  let x = attended
  for (let layer = 0; layer < memoryAttentionLayers; layer++) {
    const name = `memory_attention.layers.${layer}`
    if (layer > 0) x = selfAttention(g, x, layer, dModel, rotary)
    x = crossAttention(g, x, name, { bank, dModel, memoryDim, rotary, valuesAtMemoryWidth })
    const normed = layerNorm(g, x, `${name}.norm3`, dModel, epsilon)
    const hidden = relu(g, linear(g, normed, `${name}.linear1`, { inputs: dModel, outputs: feedForward }))
    x = add(g, x, linear(g, hidden, `${name}.linear2`, { inputs: feedForward, outputs: dModel }))
  }
  g.output('conditioned', layerNorm(g, x, 'memory_attention.norm', dModel, epsilon), [size * size, dModel])
  return g.build()
}

export interface MemoryAttentionOptions {
  readonly withPointers: boolean
  /** Sum the values before they are projected; false is the paper's order, for the benchmark to compare with. */
  readonly valuesAtMemoryWidth?: boolean
}

interface Rotary {
  readonly cosines: Value
  readonly sines: Value
  /** Row of the tables per cell, int64 [n, 1]. */
  readonly cells: Value
  readonly cellCount: number
  readonly width: number
}

function rotaryTables(g: GraphBuilder, size: number, dModel: number): Rotary {
  const tables = axialRotaryTables(size, dModel)
  const shape = [size * size + 1, dModel / 2]
  return {
    cosines: g.floats(tables.cosines, shape),
    sines: g.floats(tables.sines, shape),
    cells: g.integers(
      Array.from({ length: size * size }, (_, cell) => cell),
      [size * size, 1],
    ),
    cellCount: size * size,
    width: dModel,
  }
}

/**
 * Turns adjacent channel pairs of rows [N, d] by the angles of their places, int64 [N, 1]; gives [1, N, d]. Every row
 * is a sequence of its own, since the operator takes no sequence longer than its tables.
 */
function rotate(g: GraphBuilder, x: Value, places: Value, rotary: Rotary): Value {
  const sequences = reshape(g, x, [-1, 1, rotary.width])
  const turned = g.operator(
    'RotaryEmbedding',
    [sequences, places, rotary.cosines, rotary.sines],
    { interleaved: integer(1) },
    'com.microsoft',
  )
  return reshape(g, turned, [1, -1, rotary.width])
}

function selfAttention(g: GraphBuilder, x: Value, layer: number, dModel: number, rotary: Rotary): Value {
  const name = `memory_attention.layers.${layer}`
  const normed = layerNorm(g, x, `${name}.norm1`, dModel, epsilon)
  const project = (which: string): Value =>
    linear(g, normed, `${name}.self_attn.${which}_proj`, { inputs: dModel, outputs: dModel })
  const attended = attention(g, {
    query: rotate(g, project('q'), rotary.cells, rotary),
    key: rotate(g, project('k'), rotary.cells, rotary),
    value: reshape(g, project('v'), [1, -1, dModel]),
    heads: 1,
    widths: { query: dModel, value: dModel, queries: rotary.cellCount },
  })
  const rows = reshape(g, attended, [-1, dModel])
  return add(g, x, linear(g, rows, `${name}.self_attn.out_proj`, { inputs: dModel, outputs: dModel }))
}

interface MemoryBank {
  /** [T, memoryDim] with positions added, for the keys. */
  readonly positioned: Value
  /** [T, memoryDim], for the values. */
  readonly tokens: Value
  /** Row of the rotary tables per token, int64 [T, 1]; object pointers have no place. */
  readonly places: Value
}

interface CrossAttention extends Required<Pick<MemoryAttentionOptions, 'valuesAtMemoryWidth'>> {
  readonly bank: MemoryBank
  readonly dModel: number
  readonly memoryDim: number
  readonly rotary: Rotary
}

/**
 * Values are summed at memory width and projected afterwards: with one head, softmax(A) (M W + b) =
 * (softmax(A) M) W + b, and M is a quarter as wide.
 */
function crossAttention(g: GraphBuilder, x: Value, name: string, parts: CrossAttention): Value {
  const { bank, dModel, memoryDim, rotary } = parts
  const module = `${name}.cross_attn_image`
  const square = { inputs: dModel, outputs: dModel }
  const projectValues = (tokens: Value): Value =>
    linear(g, tokens, `${module}.v_proj`, { inputs: memoryDim, outputs: dModel })
  const normed = layerNorm(g, x, `${name}.norm2`, dModel, epsilon)
  const query = linear(g, normed, `${module}.q_proj`, square)
  const key = linear(g, bank.positioned, `${module}.k_proj`, { inputs: memoryDim, outputs: dModel })
  const valueWidth = parts.valuesAtMemoryWidth ? memoryDim : dModel
  const value = parts.valuesAtMemoryWidth ? bank.tokens : projectValues(bank.tokens)
  const summed = attention(g, {
    query: rotate(g, query, rotary.cells, rotary),
    key: rotate(g, key, bank.places, rotary),
    value: reshape(g, value, [1, -1, valueWidth]),
    heads: 1,
    widths: { query: dModel, value: valueWidth, queries: rotary.cellCount },
  })
  const rows = reshape(g, summed, [-1, valueWidth])
  const values = parts.valuesAtMemoryWidth ? projectValues(rows) : rows
  return add(g, x, linear(g, values, `${module}.out_proj`, square))
}

/** Spatial memories, then pointer tokens (SAM2Base._prepare_memory_conditioned_features). */
function memoryTokens(g: GraphBuilder, configuration: ModelConfiguration, withPointers: boolean): MemoryBank {
  const { memoryDim, numMaskMemories } = configuration
  const tokens = memoryTokensOf(configuration)
  const { encoding, places } = placesOfMemory(configuration)
  const memory = g.input('memory', 'float32', ['memories', tokens, memoryDim])
  const times = g.input('memory_times', 'int64', ['memories'])
  const timeTable = g.weight(
    'maskmem_tpos_enc',
    [numMaskMemories, 1, 1, memoryDim],
    [numMaskMemories, 1, memoryDim],
  )
  // [M, 1, memoryDim]
  const timeEncoding = g.operator('Gather', [timeTable, times])
  const placeEncoding = g.floats(encoding, [1, tokens, memoryDim])
  const positioned = add(g, memory, add(g, placeEncoding, timeEncoding))
  const spatial: MemoryBank = {
    tokens: reshape(g, memory, [-1, memoryDim]),
    positioned: reshape(g, positioned, [-1, memoryDim]),
    places: repeatRow(g, times, places),
  }
  if (!withPointers) return { ...spatial, places: reshape(g, spatial.places, [-1, 1]) }
  const pointers = pointerTokens(g, configuration)
  return {
    tokens: concatenate(g, [spatial.tokens, pointers.tokens], 0),
    positioned: concatenate(g, [spatial.positioned, pointers.positioned], 0),
    places: reshape(g, concatenate(g, [spatial.places, pointers.places], 0), [-1, 1]),
  }
}

/**
 * Where the tokens of a memory are: their sine encoding [T, memoryDim] and their rows of the rotary tables.
 * EdgeTAM's global latents are nowhere, and the latent of a window turns by its column and row among the windows
 * (RoPEAttentionv2), as a cell of the same column and row does.
 */
function placesOfMemory(configuration: ModelConfiguration): { encoding: Float32Array; places: number[] } {
  const { memoryDim, spatialPerceiver } = configuration
  const size = configuration.imageSize / 16
  const [globalCount, perSide] = spatialPerceiver
    ? [spatialPerceiver.globalLatents, Math.sqrt(spatialPerceiver.windowLatents)]
    : [0, size]
  const encoding = new Float32Array((globalCount + perSide * perSide) * memoryDim)
  encoding.set(sinePositionEncoding(perSide, memoryDim), globalCount * memoryDim)
  const nowhere = Array.from({ length: globalCount }, () => size * size)
  const grid = Array.from(
    { length: perSide * perSide },
    (_, index) => Math.floor(index / perSide) * size + (index % perSide),
  )
  return { encoding, places: [...nowhere, ...grid] }
}

/** `row` once per element of the int64 vector `count`: [N * row.length]. */
function repeatRow(g: GraphBuilder, count: Value, row: readonly number[]): Value {
  const zeros = reshape(g, multiply(g, count, g.integers([0])), [-1, 1])
  return reshape(g, add(g, zeros, g.integers(row, [1, row.length])), [-1])
}

/** Object pointers as memory tokens: each is cut into d / memoryDim consecutive slices. */
function pointerTokens(g: GraphBuilder, configuration: ModelConfiguration): MemoryBank {
  const { dModel, memoryDim, version } = configuration
  const size = configuration.imageSize / 16
  const slices = dModel / memoryDim
  const pointers = g.input('pointers', 'float32', ['pointers', dModel])
  const distances = g.input('pointer_distances', 'float32', ['pointers'])
  const tokens = reshape(g, pointers, [-1, memoryDim])
  const noPlace = Array.from({ length: slices }, () => size * size)
  // Counted by its shape, so that a device need not hand the distances back.
  const count = concatenate(g, [g.operator('Shape', [distances]), g.integers([slices])], 0)
  const places = reshape(g, g.operator('Expand', [g.integers(noPlace, [1, slices]), count]), [-1])
  if (version === '2.0') return { tokens, positioned: tokens, places }
  // Sines, then cosines, of the distance at d / 2 wavelengths: [P, d].
  const phases = g.operator('Div', [
    reshape(g, distances, [-1, 1]),
    g.floats(sineWavelengths(dModel / 2), [1, dModel / 2]),
  ])
  const waves = concatenate(g, [g.operator('Sin', [phases]), g.operator('Cos', [phases])], 1)
  const encoding = linear(g, waves, 'obj_ptr_tpos_proj', { inputs: dModel, outputs: memoryDim })
  const sliced = reshape(g, pointers, [-1, slices, memoryDim])
  const positioned = add(g, sliced, reshape(g, encoding, [-1, 1, memoryDim]))
  return { tokens, positioned: reshape(g, positioned, [-1, memoryDim]), places }
}
