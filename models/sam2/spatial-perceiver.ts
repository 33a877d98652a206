import { attention } from '../graph/attention.ts'
import { integer, type GraphBuilder, type Value } from '../graph/graph-builder.ts'
import { add, concatenate, gelu, layerNorm, linearWithoutBias, reshape } from '../graph/layers.ts'
import type { SpatialPerceiver } from './configuration.ts'
import type { FeatureMap } from './feature-map.ts'
import { sinePositionEncoding } from './position-encoding.ts'
import { intoWindows } from './windows.ts'

const prefix = 'spatial_perceiver'
const epsilon = 1e-5
const feedForwardRatio = 4

/**
 * EdgeTAM's 2D spatial perceiver (EdgeTAM paper, arXiv 2501.07256, section 3; perceiver.py, PerceiverResampler): a
 * memory map [n, C] summed up in T tokens [T, C], first the global latents, which see all of it, then one latent for
 * each window, row by row. Both go through the same layers, so the map's keys and values are computed once for both.
 */
export function spatialPerceiver(g: GraphBuilder, map: FeatureMap, perceiver: SpatialPerceiver): Value {
  const { channels, size } = map
  const { globalLatents, windowLatents, depth } = perceiver
  const window = size / Math.sqrt(windowLatents)
  const position = g.floats(sinePositionEncoding(size, channels), [size * size, channels])
  const windowed = (value: Value): Value => intoWindows(g, { ...map, value }, window)
  let overall = g.weight(`${prefix}.latents`, [globalLatents, channels])
  let local = g.weight(`${prefix}.latents_2d`, [windowLatents, channels])
  for (let index = 0; index < depth; index++) {
    const layer = new PerceiverLayer(g, `${prefix}.layers.${index}`, channels)
    const { keys, values } = layer.look(map.value)
    const positioned = { keys: add(g, keys, position), values: add(g, values, position) }
    overall = layer.apply(overall, positioned, 1)
    local = layer.apply(local, { keys: windowed(keys), values: windowed(values) }, windowLatents)
  }
  return layerNorm(g, concatenate(g, [overall, local], 0), `${prefix}.norm`, channels, epsilon)
}

/** Rows [groups * N, C] each. */
interface KeysAndValues {
  readonly keys: Value
  readonly values: Value
}

/** PerceiverEncoderLayer, with one head. Latents attend in groups that do not see each other: rows [groups * L, C]. */
class PerceiverLayer {
  readonly #g: GraphBuilder
  readonly #name: string
  readonly #channels: number

  constructor(g: GraphBuilder, name: string, channels: number) {
    this.#g = g
    this.#name = name
    this.#channels = channels
  }

  /** What the latents can attend to of a map: [n, C]. */
  look(map: Value): KeysAndValues {
    return this.#keysAndValues('attn', this.#norm('attn.norm_x', map))
  }

  apply(latents: Value, seen: KeysAndValues, groups: number): Value {
    const g = this.#g
    const asking = this.#norm('attn.norm_latents', latents)
    const looked = add(g, latents, this.#attend('attn', asking, seen, groups))
    const x = this.#feedForward('ff', looked)
    const normed = this.#norm('self_attn.norm', x)
    const own = this.#keysAndValues('self_attn', normed)
    return this.#feedForward('self_ff', add(g, x, this.#attend('self_attn', normed, own, groups)))
  }

  #attend(module: string, rows: Value, { keys, values }: KeysAndValues, groups: number): Value {
    const g = this.#g
    const grouped = (value: Value): Value => reshape(g, value, [groups, -1, this.#channels])
    const query = grouped(this.#project(`${module}.to_q`, rows, this.#channels, this.#channels))
    const summed = attention(g, {
      ...{ query, key: grouped(keys), value: grouped(values), heads: 1 },
      widths: { query: this.#channels, value: this.#channels },
    })
    const back = reshape(g, summed, [-1, this.#channels])
    return this.#project(`${module}.to_out`, back, this.#channels, this.#channels)
  }

  #keysAndValues(module: string, rows: Value): KeysAndValues {
    const both = this.#project(`${module}.to_kv`, rows, this.#channels, this.#channels * 2)
    const halves = { axis: integer(-1), num_outputs: integer(2) }
    const [keys, values] = this.#g.operators('Split', [both], 2, halves)
    return { keys: keys!, values: values! }
  }

  /** x + linear(GELU(linear(norm(x)))) */
  #feedForward(module: string, x: Value): Value {
    const width = this.#channels * feedForwardRatio
    const hidden = this.#project(`${module}.1`, this.#norm(`${module}.0`, x), this.#channels, width)
    return add(this.#g, x, this.#project(`${module}.3`, gelu(this.#g, hidden), width, this.#channels))
  }

  #project(module: string, rows: Value, inputs: number, outputs: number): Value {
    return linearWithoutBias(this.#g, rows, `${this.#name}.${module}`, { inputs, outputs })
  }

  #norm(module: string, rows: Value): Value {
    return layerNorm(this.#g, rows, `${this.#name}.${module}`, this.#channels, epsilon)
  }
}
