import { concatenate, multiply } from '../graph/layers.ts'
import type { GraphBuilder, Value } from '../graph/graph-builder.ts'

const temperature = 10_000

/** temperature ^ (2 floor(i / 2) / count) in float32, i = 0 .. count - 1. */
export function sineWavelengths(count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, index) =>
    Math.pow(temperature, Math.fround((2 * Math.floor(index / 2)) / count)),
  )
}

/**
 * PositionEmbeddingSine, normalised, of a square map: [size * size, width] row-major, the first half of the
 * channels for y, the second for x (position_encoding.py, `_pe`).
 */
export function sinePositionEncoding(size: number, width: number): Float32Array {
  const half = width / 2
  const wavelengths = sineWavelengths(half)
  const axis = new Float32Array(size * half)
  for (let position = 0; position < size; position++) {
    const angle = Math.fround(
      Math.fround((position + 1) / Math.fround(size + 1e-6)) * Math.fround(2 * Math.PI),
    )
    for (let channel = 0; channel < half; channel++) {
      const phase = Math.fround(angle / wavelengths[channel]!)
      axis[position * half + channel] = channel % 2 === 0 ? Math.sin(phase) : Math.cos(phase)
    }
  }
  const encoding = new Float32Array(size * size * width)
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const offset = (y * size + x) * width
      encoding.set(axis.subarray(y * half, (y + 1) * half), offset)
      encoding.set(axis.subarray(x * half, (x + 1) * half), offset + half)
    }
  }
  return encoding
}

export interface RotaryTables {
  /** [size * size + 1, width / 2]; the last row turns by nothing, for tokens without a place. */
  readonly cosines: Float32Array
  readonly sines: Float32Array
}

/**
 * Axial rotary position encoding of a square map as real cosines and sines of adjacent channel pairs: the first
 * quarter of the channels turns with x, the second with y (position_encoding.py, `compute_axial_cis`).
 */
export function axialRotaryTables(size: number, width: number): RotaryTables {
  const quarter = width / 4
  const cosines = new Float32Array((size * size + 1) * 2 * quarter)
  const sines = new Float32Array(cosines.length)
  const frequencies = Float32Array.from({ length: quarter }, (_, index) =>
    Math.fround(1 / Math.fround(Math.pow(temperature, Math.fround((4 * index) / width)))),
  )
  for (let position = 0; position < size * size; position++) {
    const coordinates = [position % size, Math.floor(position / size)]
    coordinates.forEach((coordinate, axis) => {
      for (let index = 0; index < quarter; index++) {
        const angle = Math.fround(coordinate * frequencies[index]!)
        const offset = (position * 2 + axis) * quarter + index
        cosines[offset] = Math.cos(angle)
        sines[offset] = Math.sin(angle)
      }
    })
  }
  cosines.fill(1, size * size * 2 * quarter)
  return { cosines, sines }
}

/**
 * PositionEmbeddingRandom: coordinates in 0..1, [N, 2] as (x, y), to [N, width] by the checkpoint's random
 * Fourier frequencies.
 */
export function fourierPositionEncoding(g: GraphBuilder, coordinates: Value, width: number): Value {
  const frequencies = g.weight('sam_prompt_encoder.pe_layer.positional_encoding_gaussian_matrix', [
    2,
    width / 2,
  ])
  const centred = g.operator('Sub', [multiply(g, coordinates, g.floats([2], [1])), g.floats([1], [1])])
  const phases = multiply(g, g.operator('MatMul', [centred, frequencies]), g.floats([2 * Math.PI], [1]))
  return concatenate(g, [g.operator('Sin', [phases]), g.operator('Cos', [phases])], -1)
}

/** Centres of the cells of a square map as coordinates in 0..1: [size * size, 2] as (x, y). */
export function cellCentres(size: number): Float32Array {
  const centres = new Float32Array(size * size * 2)
  for (let position = 0; position < size * size; position++) {
    centres[position * 2] = ((position % size) + 0.5) / size
    centres[position * 2 + 1] = (Math.floor(position / size) + 0.5) / size
  }
  return centres
}
