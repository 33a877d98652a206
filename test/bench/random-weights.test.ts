import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { sharedMaterial } from '../fixtures/shared-material.ts'
import { randomWeights } from './random-weights.ts'

function moments(numbers: Float32Array): { mean: number; deviation: number } {
  const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length
  const variance = numbers.reduce((sum, value) => sum + (value - mean) ** 2, 0) / numbers.length
  return { mean, deviation: Math.sqrt(variance) }
}

describe('randomWeights', () => {
  it('gives the same numbers for the same name and seed, and others otherwise', () => {
    const weights = randomWeights('memory_attention.layers.0.linear1.weight', [64, 32], 7)
    expect(randomWeights('memory_attention.layers.0.linear1.weight', [64, 32], 7)).toEqual(weights)
    expect(randomWeights('memory_attention.layers.0.linear1.weight', [64, 32], 8)).not.toEqual(weights)
    expect(randomWeights('memory_attention.layers.1.linear1.weight', [64, 32], 7)).not.toEqual(weights)
  })

  it.each([
    ['image_encoder.trunk.blocks.3.attn.qkv.weight', [1152, 192], 0, 1 / Math.sqrt(192)],
    ['memory_encoder.fuser.layers.0.dwconv.weight', [256, 1, 7, 7], 0, 1 / 7],
    ['sam_mask_decoder.output_upscaling.0.weight', [256, 64, 2, 2], 0, 1 / 16],
    ['sam_prompt_encoder.pe_layer.positional_encoding_gaussian_matrix', [2, 1280], 0, 1],
    ['sam_mask_decoder.mask_tokens.weight', [4, 2560], 0, 0.5],
    ['memory_attention.layers.0.norm1.weight', [256], 1, 0],
    ['memory_attention.layers.0.linear1.bias', [2048], 0, 0.02],
    ['memory_encoder.fuser.layers.0.gamma', [2560], 0.1, 0.01],
    ['maskmem_tpos_enc', [7, 1, 1, 640], 0, 0.02],
    ['image_encoder.trunk.body.stem.conv1.bn.running_var', [2400], 1, 0.1],
  ])('spreads %s as a network needs it', (name, shape, mean, deviation) => {
    const found = moments(randomWeights(name, shape, 1))
    expect(Math.abs(found.mean - mean)).toBeLessThan(0.1 * Math.max(deviation, 1e-6))
    expect(Math.abs(found.deviation - deviation)).toBeLessThanOrEqual(0.05 * deviation)
  })

  it('has finite numbers for every tensor of a real model', async () => {
    const text = await readFile(sharedMaterial('layouts/sam2.1_hiera_tiny.json'), 'utf8')
    for (const [name, shape] of Object.entries(JSON.parse(text) as Record<string, number[]>)) {
      const largest = randomWeights(name, shape, 3).reduce(
        (most, value) => Math.max(most, Math.abs(value)),
        0,
      )
      expect(largest, name).toBeGreaterThan(0)
      expect(largest, name).toBeLessThan(4)
    }
  })
})
