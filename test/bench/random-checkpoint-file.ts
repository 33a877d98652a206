import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { writeCheckpoint } from '../../models/checkpoint/write-checkpoint.ts'
import { randomWeights } from './random-weights.ts'

/** Name -> shape of every tensor of a model. */
const layoutSchema = z
  .record(z.string(), z.array(z.int().positive()).max(8))
  .refine((layout) => Object.keys(layout).length > 0, 'The layout names no tensor.')

/** Writes a checkpoint of full size in the official layout with seeded random weights. */
export async function writeRandomCheckpoint(
  layoutPath: string,
  outputPath: string,
  seed: number,
): Promise<{ tensorCount: number; bytes: number }> {
  const layout = layoutSchema.parse(JSON.parse(await readFile(layoutPath, 'utf8')))
  const tensors = Object.entries(layout).map(([name, shape]) => ({
    name,
    shape,
    numbers: () => randomWeights(name, shape, seed),
  }))
  return { tensorCount: tensors.length, bytes: await writeCheckpoint(outputPath, tensors) }
}
