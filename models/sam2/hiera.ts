import { attention } from '../graph/attention.ts'
import { integer, type GraphBuilder, type Value } from '../graph/graph-builder.ts'
import {
  add,
  convolution,
  gelu,
  layerNorm,
  linear,
  reshape,
  rows,
  rowsOfChannels,
  transpose,
} from '../graph/layers.ts'
import { bicubicMatrix } from './bicubic-matrix.ts'
import type { HieraTrunk } from './configuration.ts'
import type { FeatureMap } from './feature-map.ts'
import { intoWindows, outOfWindows } from './windows.ts'

const prefix = 'image_encoder.trunk'
const epsilon = 1e-6

interface Block {
  readonly name: string
  readonly inputs: number
  readonly outputs: number
  readonly heads: number
  /** Side of the attention windows; 0 for attention over the whole map. */
  readonly windowSize: number
  readonly pooled: boolean
  readonly endsStage: boolean
}

/**
 * The Hiera trunk (SAM 2 paper, section 4 and appendix; backbones/hieradet.py): picture [1, 3, S, S] to one map per
 * stage, at strides 4, 8, 16 and 32.
 */
export function hiera(g: GraphBuilder, image: Value, trunk: HieraTrunk, imageSize: number): FeatureMap[] {
  const shape = { inputs: 3, outputs: trunk.embedDim, kernel: 7, stride: 4, padding: 3 }
  const patches = convolution(g, image, `${prefix}.patch_embed.proj`, shape)
  const size = imageSize / 4
  const embedded = add(g, rowsOfChannels(g, patches, trunk.embedDim), positionEmbedding(g, trunk, size))
  const maps: FeatureMap[] = []
  let map: FeatureMap = { value: embedded, size, channels: trunk.embedDim }
  for (const block of blocksOf(trunk)) {
    map = multiScaleBlock(g, map, block)
    if (block.endsStage) maps.push(map)
  }
  return maps
}

function blocksOf(trunk: HieraTrunk): Block[] {
  const stageEnds = trunk.stages.map(
    (_, index) => trunk.stages.slice(0, index + 1).reduce((a, b) => a + b) - 1,
  )
  const depth = stageEnds.at(-1)! + 1
  let stage = 0
  let channels = trunk.embedDim
  let heads = trunk.numHeads
  return Array.from({ length: depth }, (_, index) => {
    // The window lags by one block: the first block of a stage still has the window of the stage before.
    const windowSize = trunk.globalAttentionBlocks.includes(index) ? 0 : trunk.windowSpec[stage]!
    const startsStage = stageEnds.includes(index - 1)
    const inputs = channels
    if (startsStage) {
      stage++
      channels *= 2
      heads *= 2
    }
    return {
      name: `${prefix}.blocks.${index}`,
      inputs,
      outputs: channels,
      heads,
      windowSize,
      pooled: startsStage,
      endsStage: stageEnds.includes(index),
    }
  })
}

/** The small table resized bicubically plus the window table tiled; constant, so the runtime folds it at load. */
function positionEmbedding(g: GraphBuilder, trunk: HieraTrunk, size: number): Value {
  const [height, width] = trunk.windowPosEmbedBackgroundSize
  const table = g.weight(`${prefix}.pos_embed`, [1, trunk.embedDim, height, width])
  const resizeRows = g.floats(bicubicMatrix(height, size), [size, height])
  const resizeColumns = transpose(g, g.floats(bicubicMatrix(width, size), [size, width]), [1, 0])
  // [1, C, size, size]
  const background = g.operator('MatMul', [g.operator('MatMul', [resizeRows, table]), resizeColumns])
  const window = trunk.windowSpec[0]!
  const windowTable = g.weight(`${prefix}.pos_embed_window`, [1, trunk.embedDim, window, window])
  const tiled = g.operator('Tile', [windowTable, g.integers([1, 1, size / window, size / window])])
  return rowsOfChannels(g, add(g, background, tiled), trunk.embedDim)
}

function multiScaleBlock(g: GraphBuilder, map: FeatureMap, block: Block): FeatureMap {
  const { name, inputs, outputs } = block
  const normed = layerNorm(g, map.value, `${name}.norm1`, inputs, epsilon)
  const size = block.pooled ? map.size / 2 : map.size
  const shortcut =
    inputs === outputs
      ? map.value
      : maxPoolTwice(g, linear(g, normed, `${name}.proj`, { inputs, outputs }), map.size, map.size, outputs)
  const attended = windowedAttention(g, { ...map, value: normed }, block)
  const x = add(g, shortcut, attended)
  const y = layerNorm(g, x, `${name}.norm2`, outputs, epsilon)
  const hidden = linear(g, y, `${name}.mlp.layers.0`, { inputs: outputs, outputs: outputs * 4 })
  const output = linear(g, gelu(g, hidden), `${name}.mlp.layers.1`, { inputs: outputs * 4, outputs })
  return { value: add(g, x, output), size, channels: outputs }
}

/**
 * Attention inside windows, with queries max-pooled where a stage begins. Windows that do not divide the map are
 * padded with zeros after the norm, and the padding takes part, as in the reference.
 */
function windowedAttention(g: GraphBuilder, map: FeatureMap, block: Block): Value {
  const { outputs, heads, name } = block
  const window = block.windowSize === 0 ? map.size : block.windowSize
  const perSide = Math.ceil(map.size / window)
  const partitioned = intoWindows(g, map, window)
  const [query, key, value] = [0, 1, 2].map((part) =>
    // [windows, window * window, C]
    reshape(g, projectedPart(g, partitioned, block, part), [perSide * perSide, window * window, outputs]),
  )
  const queryWindow = block.pooled ? window / 2 : window
  const pooledQuery = block.pooled
    ? reshape(g, maxPoolTwice(g, query!, perSide * perSide * window, window, outputs), [
        perSide * perSide,
        queryWindow * queryWindow,
        outputs,
      ])
    : query!
  const attended = attention(g, {
    ...{ query: pooledQuery, key: key!, value: value!, heads },
    widths: { query: outputs, value: outputs, queries: queryWindow * queryWindow },
  })
  const merged = reshape(g, attended, [-1, outputs])
  const projected = linear(g, merged, `${name}.attn.proj`, { inputs: outputs, outputs })
  const size = block.pooled ? map.size / 2 : map.size
  return outOfWindows(g, projected, { window: queryWindow, perSide, size, channels: outputs })
}

/**
 * One of query, key and value. Three products instead of one: cutting its rows apart would copy all of them. The cut of
 * the weights is constant, so the runtime makes it once.
 */
function projectedPart(g: GraphBuilder, x: Value, { name, inputs, outputs }: Block, part: number): Value {
  const weight = g.weight(`${name}.attn.qkv.weight`, [outputs * 3, inputs])
  const bias = g.weight(`${name}.attn.qkv.bias`, [outputs * 3])
  const cut = (whole: Value): Value => rows(g, whole, part * outputs, (part + 1) * outputs)
  return g.operator('Gemm', [x, cut(weight), cut(bias)], { transB: integer(1) })
}

/** 2x2 max pooling of a row-major map of rows of channels: [height * width, C] -> [height * width / 4, C]. */
function maxPoolTwice(g: GraphBuilder, x: Value, height: number, width: number, channels: number): Value {
  const split = reshape(g, x, [height / 2, 2, width / 2, 2, channels])
  const pooled = g.operator('ReduceMax', [split, g.integers([1, 3])], { keepdims: integer(0) })
  return reshape(g, pooled, [-1, channels])
}
