import { existsSync, mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import {
  nanoConfiguration,
  officialConfiguration,
  type ModelConfiguration,
} from '../../models/sam2/configuration.ts'
import type { GraphName } from '../../models/sam2/graphs.ts'
import { weightsFile } from '../../models/zoo/resolve-model.ts'
import { findZooModel } from '../../models/zoo/zoo.ts'
import { sharedMaterial } from '../fixtures/shared-material.ts'
import { writeRandomCheckpoint } from './random-checkpoint-file.ts'

/** A model at one input size, to be measured. */
export interface Subject {
  readonly name: string
  readonly checkpointPath: string
  readonly configuration: ModelConfiguration
}

/** The graphs that a tracked frame runs. */
export const trackingGraphs: readonly GraphName[] = [
  'image-encoder',
  'frame-preparation',
  'memory-attention',
  'mask-decoder-none',
  'memory-encoder',
]

/** What a full bank holds, by the graphs' names for it. */
export const fullBank = { memories: 7, pointers: 16 }

const usualNames = 'nano 512,tiny 512,tiny 1024'

/** Models to measure, as "nano 512,tiny 1024", or in their own size as "tiny"; tiny has random weights. @throws Error for a model that is neither */
export async function benchSubjects(names: string = usualNames): Promise<Subject[]> {
  return Promise.all(
    names.split(',').map(async (name) => {
      const [, model, side] = /^(nano|tiny)(?: (\d+))?$/.exec(name.trim()) ?? []
      if (model === undefined)
        throw new Error(`"${name}" is no model to measure: nano or tiny, and a size or not.`)
      const [checkpointPath, configuration] =
        model === 'nano'
          ? [weightsFile(findZooModel('nano')!), nanoConfiguration]
          : [await randomTiny(), officialConfiguration('2.1', 'tiny')]
      const imageSize = side === undefined ? configuration.imageSize : Number(side)
      return { name: `${model} ${imageSize}`, checkpointPath, configuration: { ...configuration, imageSize } }
    }),
  )
}

let tinyPath: Promise<string> | undefined

/** One file for all sizes, written once. */
function randomTiny(): Promise<string> {
  return (tinyPath ??= writeRandomTiny())
}

async function writeRandomTiny(): Promise<string> {
  const path = '.cache/random-tiny.pt'
  const layout = fileURLToPath(sharedMaterial('layouts/sam2.1_hiera_tiny.json'))
  mkdirSync('.cache', { recursive: true })
  if (!existsSync(path)) await writeRandomCheckpoint(layout, path, 1)
  return path
}
