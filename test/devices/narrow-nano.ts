import { openCheckpoint } from '../../models/checkpoint/checkpoint.ts'
import { writeCheckpoint } from '../../models/checkpoint/write-checkpoint.ts'
import { nanoConfiguration, nanoTrunk, type ModelConfiguration } from '../../models/sam2/configuration.ts'
import { weightsFile } from '../../models/zoo/resolve-model.ts'
import { findZooModel } from '../../models/zoo/zoo.ts'
import { randomWeights } from '../bench/random-weights.ts'

/** A quarter of nano's channels. */
const quarter = (channels: number): number => channels / 4
const seed = 1

/** nano with a quarter of its channels, one block a stage and one layer of memory attention. */
const narrowConfiguration: ModelConfiguration = {
  ...nanoConfiguration,
  trunk: {
    ...nanoTrunk,
    stem: quarter(nanoTrunk.stem),
    stages: nanoTrunk.stages.map((stage) => ({ ...stage, repeats: 1, channels: quarter(stage.channels) })),
    taps: nanoTrunk.taps.map((tap) => ({ ...tap, channels: quarter(tap.channels) })),
  },
  neck: {
    ...nanoConfiguration.neck,
    backboneChannels: nanoConfiguration.neck.backboneChannels.map(quarter),
  },
  dModel: quarter(nanoConfiguration.dModel),
  memoryDim: quarter(nanoConfiguration.memoryDim),
  feedForward: quarter(nanoConfiguration.feedForward),
  memoryAttentionLayers: 1,
}

/** Widths that are the same in every model of the family: of the decoder's hidden layers. */
const fixedWidths = [256, 2048]

function narrowShape(name: string, shape: readonly number[]): number[] {
  // Masks are shrunk through channels of their own; only what they end in is the model's.
  const isOwn = name.includes('mask_downs')
  return shape.map((size) => {
    if (isOwn) return size === nanoConfiguration.dModel ? quarter(size) : size
    return size < 16 || fixedWidths.includes(size) ? size : quarter(size)
  })
}

/**
 * Writes a checkpoint of random weights for nano's graphs at a fourth of their width: what is kept and freed is the same,
 * and a driver in software takes a third of the time for a frame.
 * @returns its configuration, at nano's own input size
 */
export async function writeNarrowNano(path: string): Promise<ModelConfiguration> {
  const nano = await openCheckpoint(weightsFile(findZooModel('nano')!))
  const tensors = [...nano.tensors].map(([name, tensor]) => {
    const shape = narrowShape(name, tensor.shape)
    return { name, shape, numbers: () => randomWeights(name, shape, seed) }
  })
  await writeCheckpoint(path, tensors)
  return narrowConfiguration
}
