import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasSharedMaterial, sharedMaterial } from '../../test/fixtures/shared-material.ts'
import { openCheckpoint, type Checkpoint } from '../checkpoint/checkpoint.ts'
import { GraphBuilder } from '../graph/graph-builder.ts'
import { pointwise } from '../graph/layers.ts'
import { createSession } from '../runtime/session.ts'
import { floatsOf, floatTensor, type RuntimeTensor } from '../runtime/tensor.ts'
import { inputSizeStep, memoryTokensOf } from './configuration.ts'
import { projected } from './feature-map.ts'
import { trunk } from './image-encoder.ts'
import { fusedMemory, scaledMask } from './memory-encoder.ts'
import { configurationFromReference } from './reference-configuration.ts'
import type { ImageFeatures } from './image-features.ts'
import { Sam2Model, UnsupportedInputSize } from './sam2-model.ts'

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

/** Runs one part of a model as a graph of its own. */
async function runGraph(
  g: GraphBuilder,
  inputs: Record<string, RuntimeTensor>,
): Promise<Readonly<Record<string, RuntimeTensor>>> {
  const options = { device: 'cpu', threads: 1 } as const
  const session = await createSession('part', g.build(), g.checkpoint.path, options)
  const outputs = await session.run(inputs)
  await session.release()
  return outputs
}

const folders = ['reference/sam21-mini', 'reference/sam20-mini', 'reference/edgetam-mini']
const areHere = folders.every((folder) => hasSharedMaterial(`${folder}/components.safetensors`))

describe.runIf(areHere).each(folders)('the stages of %s, one by one', (folder) => {
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

  it('finds what the trunk finds at each stride', async () => {
    const { checkpoint, configuration } = model
    const shape = [1, 3, configuration.imageSize, configuration.imageSize]
    const g = new GraphBuilder('trunk', checkpoint)
    const maps = trunk(g, g.input('image', 'float32', shape), configuration).map((map) => projected(g, map))
    maps.forEach(({ value, size, channels }, level) => {
      g.output(`trunk.${level}`, value, [size * size, channels])
    })
    const outputs = await runGraph(g, { image: floatTensor(await components.readTensor('image'), shape) })
    for (const [level, { channels }] of maps.entries()) {
      const name = `trunk.${level}`
      const ours = channelsFirst(floatsOf(outputs[name]!), channels)
      expect(deviation(ours, await components.readTensor(name)), name).toBeLessThan(1e-5)
    }
  })

  it.each([0, 1])('remembers a mask, binarised or not: %i', async (binarize) => {
    const { checkpoint, configuration, imageSize } = model
    const { dModel, memoryDim, version } = configuration
    const g = new GraphBuilder('memory', checkpoint)
    const logits = g.input('mask', 'float32', [1, 1, imageSize, imageSize])
    const features = g.input('stride16', 'float32', [(imageSize / 16) ** 2, dModel])
    const names = { inputs: dModel, outputs: dModel }
    const pixels = pointwise(g, features, 'memory_encoder.pix_feat_proj', names)
    const mask = scaledMask(g, logits, g.input('binarize', 'float32', [1]))
    const memory = fusedMemory(g, configuration, mask, pixels)
    g.output('memory', memory, [memoryTokensOf(configuration), memoryDim])
    const reference = `memory_encoder.${binarize}`
    const outputs = await runGraph(g, {
      mask: floatTensor(await components.readTensor(`${reference}.mask`), [1, 1, imageSize, imageSize]),
      stride16: image.stride16,
      binarize: floatTensor(Float32Array.of(binarize), [1]),
      ...(version === '2.0' ? {} : { absent: floatTensor(Float32Array.of(0), [1]) }),
    })
    const rows = floatsOf(outputs['memory']!)
    const ours = configuration.spatialPerceiver ? rows : channelsFirst(rows, memoryDim)
    expect(deviation(ours, await components.readTensor(`${reference}.features`))).toBeLessThan(1e-5)
  })

  it('tracks at another size than it was trained at', async () => {
    const { checkpoint, configuration } = model
    const imageSize = configuration.imageSize * 2
    const larger = await Sam2Model.load(checkpoint, { ...configuration, imageSize })
    const features = await larger.encodeImage(new Uint8Array(imageSize * imageSize * 3).fill(90))
    const mask = new Float32Array(larger.maskSize ** 2).fill(1)
    const memory = await larger.encodeMemory(features, mask, { fromPrompts: true, absent: false })
    const { maskLogits } = await larger.decodeTracked(features, {
      memories: [memory, memory],
      memoryTimes: [6, 0],
      pointers: [larger.noObjectPointer],
      pointerDistances: [0.5],
    })
    expect(floatsOf(memory).length).toBe(memoryTokensOf(larger.configuration) * configuration.memoryDim)
    expect(maskLogits.every((logits) => logits.every(Number.isFinite))).toBe(true)
    await larger.dispose()
  })

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

  it('refuses a size that its strides or windows do not divide', async () => {
    const step = inputSizeStep(model.configuration)
    expect(step).toBe(model.configuration.spatialPerceiver ? 64 : 32)
    const configuration = { ...model.configuration, imageSize: step * 1.5 }
    await expect(Sam2Model.load(model.checkpoint, configuration)).rejects.toThrow(UnsupportedInputSize)
  })
})
