import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasSharedMaterial, sharedMaterial } from '../../test/fixtures/shared-material.ts'
import { openCheckpoint, type Checkpoint } from '../checkpoint/checkpoint.ts'
import { floatsOf } from '../runtime/tensor.ts'
import { configurationFromReference } from './reference-configuration.ts'
import { Sam2Model, UnsupportedInputSize, type ImageFeatures } from './sam2-model.ts'

/** Largest difference over the reference's largest magnitude. */
function deviation(ours: Float32Array, reference: Float32Array): number {
  expect(ours.length).toBe(reference.length)
  let difference = 0
  let magnitude = 0
  reference.forEach((value, index) => {
    difference = Math.max(difference, Math.abs(value - ours[index]!))
    magnitude = Math.max(magnitude, Math.abs(value))
  })
  return difference / magnitude
}

/** Rows of channels [cells, C] as the reference has them, [C, cells]. */
function channelsFirst(rows: Float32Array, channels: number): Float32Array {
  const cells = rows.length / channels
  return Float32Array.from(rows, (_, index) => rows[(index % cells) * channels + Math.floor(index / cells)]!)
}

const folders = ['reference/sam21-mini', 'reference/sam20-mini'].filter((folder) =>
  hasSharedMaterial(`${folder}/components.safetensors`),
)

describe.each(folders)('the stages of %s, one by one', (folder) => {
  let model: Sam2Model
  let components: Checkpoint
  let image: ImageFeatures

  beforeAll(async () => {
    const path = (name: string): string => fileURLToPath(sharedMaterial(`${folder}/${name}`))
    const configuration = configurationFromReference(JSON.parse(readFileSync(path('config.json'), 'utf8')))
    model = await Sam2Model.load(await openCheckpoint(path('checkpoint.pt')), configuration)
    components = await openCheckpoint(path('components.safetensors'))
    const size = configuration.imageSize
    image = await model.encodeImage(readFileSync(path('frames.u8')).subarray(0, size * size * 3))
  })
  afterAll(() => model.dispose())

  it('encodes the image', async () => {
    const { dModel } = model.configuration
    const maps = [
      ['fpn.0', image.stride4, dModel / 8],
      ['fpn.1', image.stride8, dModel / 4],
      ['fpn.2', image.stride16, dModel],
    ] as const
    for (const [name, tensor, channels] of maps) {
      const ours = channelsFirst(floatsOf(tensor), channels)
      expect(deviation(ours, await components.readTensor(name)), name).toBeLessThan(1e-5)
    }
  })

  it('refuses a size that its strides do not divide', async () => {
    const configuration = { ...model.configuration, imageSize: 100 }
    await expect(Sam2Model.load(model.checkpoint, configuration)).rejects.toThrow(UnsupportedInputSize)
  })
})
