import { integer, type GraphBuilder, type Value } from '../graph/graph-builder.ts'
import { add, linear, linearWithoutBias, multiply, reshape } from '../graph/layers.ts'

/** Of every attention in the mask decoder. */
export const heads = 8

/** Attention (sam/transformer.py) between few tokens and many cells, by the name of its projections. */
export interface TokenAttention {
  readonly name: string
  /** d, of tokens and cells. */
  readonly dModel: number
  /** Of queries, keys and values inside. */
  readonly width: number
  /** n */
  readonly cellCount: number
}

/**
 * Tokens [T, d] look at cells [n, d], given with and without their places. The tokens are few, so their queries are
 * brought to the cells' width and what they see is projected once it is summed: head by head,
 * q (c K + k)' = (q K') c' + q k' and softmax(A) (c V + v) = (softmax(A) c) V + v. What q k' adds is the same for all
 * cells, and the softmax takes it out again. [T, d].
 */
export function tokensToCells(
  g: GraphBuilder,
  { tokens, keys, values }: { readonly tokens: Value; readonly keys: Value; readonly values: Value },
  { name, dModel, width }: TokenAttention,
): Value {
  const queries = linear(g, tokens, `${name}.q_proj`, { inputs: dModel, outputs: width })
  // [heads * T, d]
  const looking = g.operator('MatMul', [
    byHead(g, scaled(g, queries, width), width),
    g.weight(`${name}.k_proj.weight`, [width, dModel]),
  ])
  const scores = g.operator('Gemm', [looking, keys], { transB: integer(1) })
  const seen = g.operator('MatMul', [g.operator('Softmax', [scores], { axis: integer(-1) }), values])
  const weight = g.weight(`${name}.v_proj.weight`, [width, dModel])
  const projected = g.operator('Gemm', [seen, weight], { transB: integer(1) })
  const ofHeads = multiply(g, reshape(g, projected, [heads, -1, width]), channelsOfHeads(g, width))
  const together = g.operator('ReduceSum', [ofHeads, g.integers([0])], { keepdims: integer(0) })
  const merged = add(g, together, g.weight(`${name}.v_proj.bias`, [width]))
  return linear(g, merged, `${name}.out_proj`, { inputs: width, outputs: dModel })
}

/**
 * Cells [n, d] look at tokens [T, d], given with and without their prompts. The cells meet two small matrices, made of
 * tokens and weights, in place of four projections. The scores lie token by token, so that the softmax runs along rows
 * of cells: over the few tokens of each cell it takes longer than the products. [n, d].
 */
export function cellsToTokens(
  g: GraphBuilder,
  { cells, keys, values }: { readonly cells: Value; readonly keys: Value; readonly values: Value },
  { name, dModel, width, cellCount }: TokenAttention,
): Value {
  // [heads * T, width]
  const project = (x: Value, which: string): Value =>
    byHead(g, linear(g, x, `${name}.${which}_proj`, { inputs: dModel, outputs: width }), width)
  const looked = scaled(g, project(keys, 'k'), width)
  // [heads * T, d] and [heads * T, 1]
  const asked = g.operator('MatMul', [looked, g.weight(`${name}.q_proj.weight`, [width, dModel])])
  const bias = g.operator('MatMul', [looked, g.weight(`${name}.q_proj.bias`, [width], [width, 1])])
  const scores = reshape(g, g.operator('Gemm', [asked, cells, bias], { transB: integer(1) }), [
    heads,
    -1,
    cellCount,
  ])
  const largest = g.operator('ReduceMax', [scores, g.integers([1])])
  const powers = g.operator('Exp', [g.operator('Sub', [scores, largest])])
  const shares = g.operator('Div', [powers, g.operator('ReduceSum', [powers, g.integers([1])])])
  // [heads * T, d]
  const told = linearWithoutBias(g, project(values, 'v'), `${name}.out_proj`, {
    inputs: width,
    outputs: dModel,
  })
  return g.operator(
    'Gemm',
    [reshape(g, shares, [-1, cellCount]), told, g.weight(`${name}.out_proj.bias`, [dModel])],
    { transA: integer(1) },
  )
}

/** Rows [T, width] once for each head, without the channels of the others: [heads * T, width]. */
function byHead(g: GraphBuilder, x: Value, width: number): Value {
  return reshape(g, multiply(g, reshape(g, x, [1, -1, width]), channelsOfHeads(g, width)), [-1, width])
}

/** [heads, 1, width], 1 where a channel is of the head. */
function channelsOfHeads(g: GraphBuilder, width: number): Value {
  const size = width / heads
  const marks = Float32Array.from({ length: heads * width }, (_, index) =>
    Math.floor((index % width) / size) === Math.floor(index / width) ? 1 : 0,
  )
  return g.floats(marks, [heads, 1, width])
}

/** Scores are divided by the root of a head's width. */
function scaled(g: GraphBuilder, x: Value, width: number): Value {
  return multiply(g, x, g.floats([1 / Math.sqrt(width / heads)], [1]))
}
