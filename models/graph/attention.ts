import { concatenate, multiply, reshape, transpose } from './layers.ts'
import { integer, type GraphBuilder, type Value } from './graph-builder.ts'

export interface AttentionInputs {
  /** [B, Q, heads * size] */
  readonly query: Value
  /** [B, K, heads * size] */
  readonly key: Value
  /** [B, K, V]; V may differ from the width of query and key. */
  readonly value: Value
  readonly heads: number
  readonly widths: {
    /** heads * size */
    readonly query: number
    /** V */
    readonly value: number
    /** Q, where it is known; plain attention then bounds the scores that it holds at once. */
    readonly queries?: number
  }
}

/** Queries whose scores are held at once in plain attention. */
const queriesAtOnce = 1024

/** softmax(query key^T / sqrt size) value, as one operator or two products as the graph's style has it. [B, Q, V]. */
export function attention(g: GraphBuilder, inputs: AttentionInputs): Value {
  if (g.style.attention === 'plain') return plainAttention(g, inputs)
  const { query, key, value, heads } = inputs
  return g.operator('MultiHeadAttention', [query, key, value], { num_heads: integer(heads) }, 'com.microsoft')
}

function plainAttention(g: GraphBuilder, { query, key, value, heads, widths }: AttentionInputs): Value {
  const size = widths.query / heads
  // [B, N, heads * width] -> [B, heads, N, width]
  const byHead = (x: Value, width: number): Value =>
    transpose(g, reshape(g, x, [0, -1, heads, width / heads]), [0, 2, 1, 3])
  const scaled = multiply(g, byHead(query, widths.query), g.floats([1 / Math.sqrt(size)], [1]))
  // [B, heads, size, K]
  const keys = transpose(g, reshape(g, key, [0, -1, heads, size]), [0, 2, 3, 1])
  const values = byHead(value, widths.value)
  const summed = blocksOf(g, scaled, widths.queries).map((queries) => {
    const scores = g.operator('Softmax', [g.operator('MatMul', [queries, keys])], { axis: integer(-1) })
    return g.operator('MatMul', [scores, values])
  })
  const whole = summed.length === 1 ? summed[0]! : concatenate(g, summed, 2)
  return reshape(g, transpose(g, whole, [0, 2, 1, 3]), [0, -1, widths.value])
}

/** Cuts [B, heads, Q, size] into blocks of queries. */
function blocksOf(g: GraphBuilder, x: Value, count: number | undefined): Value[] {
  if (count === undefined || count <= queriesAtOnce) return [x]
  return Array.from({ length: Math.ceil(count / queriesAtOnce) }, (_, block) =>
    g.operator('Slice', [
      x,
      g.integers([block * queriesAtOnce]),
      g.integers([Math.min((block + 1) * queriesAtOnce, count)]),
      g.integers([2]),
    ]),
  )
}
