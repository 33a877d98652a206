import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { hasSharedMaterial, sharedMaterial } from '../../test/fixtures/shared-material.ts'
import type { CheckpointTensor } from '../checkpoint/checkpoint-tensor.ts'
import { openCheckpoint, type Checkpoint } from '../checkpoint/checkpoint.ts'
import {
  edgeTamConfiguration,
  nanoConfiguration,
  officialConfiguration,
  officialTrunks,
} from './configuration.ts'
import { inferConfiguration, UnknownModel } from './infer-configuration.ts'
import { configurationFromReference, UnknownReference } from './reference-configuration.ts'

async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(sharedMaterial(path), 'utf8'))
}

async function readLayout(path: string): Promise<Record<string, number[]>> {
  return (await readJson(path)) as Record<string, number[]>
}

/** Names and shapes of EdgeTAM's checkpoint; always beside the tests. */
async function edgeTamLayout(): Promise<Record<string, number[]>> {
  const file = new URL('../../test/fixtures/layouts/edgetam.json', import.meta.url)
  return JSON.parse(await readFile(file, 'utf8')) as Record<string, number[]>
}

/** A checkpoint of which only names and shapes exist. */
function contents(shapes: Record<string, number[]>): Checkpoint {
  const tensors = new Map<string, CheckpointTensor>()
  for (const [name, shape] of Object.entries(shapes)) {
    tensors.set(name, { name, type: 'float32', shape, file: '/layout', offsetBytes: 0, lengthBytes: 0 })
  }
  return { path: '/layout', tensors, readTensor: () => Promise.reject(new Error('a layout has no numbers')) }
}

describe('inferConfiguration', () => {
  for (const version of ['2.0', '2.1'] as const) {
    for (const size of ['tiny', 'small', 'base_plus', 'large'] as const) {
      const layout = `layouts/sam${version === '2.0' ? '2' : version}_hiera_${size}.json`
      it.runIf(hasSharedMaterial(layout))(`tells ${version} ${size} by its shapes`, async () => {
        const shapes = await readLayout(layout)
        expect(inferConfiguration(contents(shapes))).toEqual(officialConfiguration(version, size))
      })
    }
  }

  it('knows nano', async () => {
    const nano = await openCheckpoint(fileURLToPath(new URL('../zoo/nano/nano.pt', import.meta.url)))
    expect(inferConfiguration(nano)).toEqual(nanoConfiguration)
  })

  for (const folder of ['sam20-mini', 'sam21-mini']) {
    const file = `reference/${folder}/checkpoint.pt`
    it.runIf(hasSharedMaterial(file))(
      `agrees with the reference of ${folder} once its trunk is named`,
      async () => {
        const expected = configurationFromReference(await readJson(`reference/${folder}/config.json`))
        const checkpoint = await openCheckpoint(fileURLToPath(sharedMaterial(file)))
        const hints = { trunk: expected.trunk, imageSize: expected.imageSize }
        expect(inferConfiguration(checkpoint, hints)).toEqual(expected)
        expect(() => inferConfiguration(checkpoint)).toThrow(UnknownModel)
      },
    )
  }

  const edgeTamMini = 'reference/edgetam-mini/checkpoint.pt'
  it.runIf(hasSharedMaterial(edgeTamMini))('tells a small EdgeTAM by its shapes alone', async () => {
    const expected = configurationFromReference(await readJson('reference/edgetam-mini/config.json'))
    const checkpoint = await openCheckpoint(fileURLToPath(sharedMaterial(edgeTamMini)))
    expect(inferConfiguration(checkpoint, { imageSize: expected.imageSize })).toEqual(expected)
  })

  it('tells the published EdgeTAM', async () => {
    expect(inferConfiguration(contents(await edgeTamLayout()))).toEqual(edgeTamConfiguration)
  })

  it('refuses a perceiver whose windows make no square', async () => {
    const crooked = contents({ ...(await edgeTamLayout()), 'spatial_perceiver.latents_2d': [200, 64] })
    expect(() => inferConfiguration(crooked)).toThrow(/200 windows/)
  })

  it('refuses a trunk of another kind', () => {
    expect(() => inferConfiguration(contents({ no_mem_embed: [1, 1, 256] }))).toThrow(
      /none of Hiera, MobileNetV2 and RepViT/,
    )
  })

  it('refuses half a 2.1', async () => {
    const shapes = (await readJson('layouts/sam2_hiera_tiny.json')) as Record<string, number[]>
    const half = contents({ ...shapes, no_obj_embed_spatial: [1, 64] })
    expect(() => inferConfiguration(half)).toThrow(/came together in 2.1/)
  })

  it('refuses other block counts than the published ones', async () => {
    const shapes = (await readJson('layouts/sam2_hiera_tiny.json')) as Record<string, number[]>
    const more = contents({ ...shapes, 'image_encoder.trunk.blocks.12.attn.qkv.weight': [2304, 768] })
    expect(() => inferConfiguration(more)).toThrow(/96 channels and 1-2-7-3 blocks/)
  })
})

describe('configurationFromReference', () => {
  it('fills in what is not named', async () => {
    const mini = configurationFromReference(await readJson('reference/sam21-mini/config.json'))
    expect(mini).toMatchObject({
      trunk: { windowSpec: officialTrunks.tiny.windowSpec, globalAttentionBlocks: [4, 5] },
      neck: { backboneChannels: [128, 64, 32, 16], topDownLevels: [2, 3], scalp: 1 },
      mean: [0.485, 0.456, 0.406],
      memoryDim: 16,
    })
  })

  it("reads nano's", async () => {
    const config = await readJson('nano/reference/nano-512/config.json')
    expect(configurationFromReference(config)).toEqual(nanoConfiguration)
  })

  it('refuses a trunk that it does not know', async () => {
    const config = { version: '2.1', trunk: { embed_dim: [8, 16], depth: [1, 1] } }
    expect(() => configurationFromReference(config)).toThrow(UnknownReference)
  })
})
