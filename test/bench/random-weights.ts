/** 32 well-mixed bits from a text and a seed (FNV-1a, then a finaliser). */
function hash(text: string, seed: number): number {
  let bits = 0x811c9dc5 ^ seed
  for (let index = 0; index < text.length; index += 1) {
    bits = Math.imul(bits ^ text.charCodeAt(index), 0x01000193)
  }
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return bits ^ (bits >>> 16)
}

/** Mean and spread (standard deviation) of the numbers of a tensor. */
interface Spread {
  readonly mean: number
  readonly deviation: number
}

/**
 * How the numbers of a SAM 2 tensor are spread so that a network of random weights keeps its activations near 1:
 * products of width n shrink by sqrt(n), norms pass on what they get, embeddings have the size that training begins with.
 */
function spreadOf(name: string, shape: readonly number[]): Spread {
  // Keeps the object present on most frames, so that tracking takes its usual path.
  if (name === 'sam_mask_decoder.pred_obj_score_head.layers.2.bias') return { mean: 3, deviation: 0.02 }
  if (name.endsWith('positional_encoding_gaussian_matrix')) return { mean: 0, deviation: 1 }
  if (/^sam_prompt_encoder\..*embed.*\.weight$|^sam_mask_decoder\.\w+_tokens?\.weight$/.test(name)) {
    return { mean: 0, deviation: 0.5 }
  }
  if (name.endsWith('.running_var')) return { mean: 1, deviation: 0.1 }
  if (name.endsWith('.gamma')) return { mean: 0.1, deviation: 0.01 }
  if (name.endsWith('.bias')) return { mean: 0, deviation: 0.02 }
  if (!name.endsWith('.weight')) return { mean: 0, deviation: 0.02 }
  if (shape.length === 1) return { mean: 1, deviation: 0 }
  // The decoder's transposed convolutions have their input channels first, and their kernels do not overlap.
  const inputs = name.includes('output_upscaling')
    ? shape[0]!
    : shape.slice(1).reduce((product, size) => product * size)
  return { mean: 0, deviation: 1 / Math.sqrt(inputs) }
}

/** Random numbers for the SAM 2 tensor of this name and shape: the same for the same name and seed, on any machine. */
export function randomWeights(
  name: string,
  shape: readonly number[],
  seed: number,
): Float32Array<ArrayBuffer> {
  const numbers = new Float32Array(shape.reduce((count, size) => count * size, 1))
  const { mean, deviation } = spreadOf(name, shape)
  // Uniform from -width/2 to width/2 has deviation width/sqrt(12); what is random are the 32 bits of `state`.
  const scale = (deviation * Math.sqrt(12)) / 2 ** 32
  let counter = hash(name, seed)
  for (let index = 0; index < numbers.length; index += 1) {
    counter = (counter + 0x9e3779b9) | 0
    let state = Math.imul(counter ^ (counter >>> 16), 0x21f0aaad)
    state = Math.imul(state ^ (state >>> 15), 0x735a2d97)
    state ^= state >>> 15
    numbers[index] = mean + state * scale
  }
  return numbers
}
