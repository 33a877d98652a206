import { existsSync, openSync, readSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import { openCheckpoint, type Checkpoint } from '../../models/checkpoint/checkpoint.ts'
import type { ModelConfiguration } from '../../models/sam2/configuration.ts'
import { findZooModel } from '../../models/zoo/zoo.ts'
import { weightsFile } from '../../models/zoo/resolve-model.ts'
import { configurationFromReference } from '../../models/sam2/reference-configuration.ts'

const pair = z.tuple([z.number(), z.number()])

const callSchema = z.discriminatedUnion('call', [
  z.object({
    call: z.literal('addPointsOrBox'),
    frame: z.int(),
    object: z.int(),
    objects: z.array(z.int()),
    points: z.array(pair).default([]),
    labels: z.array(z.union([z.literal(0), z.literal(1)])).default([]),
    box: z.tuple([z.number(), z.number(), z.number(), z.number()]).optional(),
    clear_old_points: z.boolean().default(true),
  }),
  z.object({ call: z.literal('addMask'), frame: z.int(), object: z.int(), objects: z.array(z.int()) }),
  z.object({ call: z.literal('clearFrame'), frame: z.int(), object: z.int() }),
  z.object({ call: z.literal('removeObject'), object: z.int() }),
  z.object({ call: z.literal('reset') }),
  z.object({
    call: z.literal('propagate'),
    start: z.int().nullable().default(null),
    maxFrames: z.int().nullable().default(null),
    reverse: z.boolean().default(false),
    frames: z.array(z.int()),
    objects: z.array(z.int()),
  }),
])
export type ReferenceCall = z.infer<typeof callSchema>

const videoSchema = z.object({
  frames: z.tuple([z.int(), z.int(), z.int(), z.literal(3)]),
  video_height: z.int(),
  video_width: z.int(),
})

/** One folder of the official predictor's numbers: the model, its frames, the calls and what they answered. */
export interface ReferenceFolder {
  readonly path: string
  readonly checkpointPath: string
  readonly configuration: ModelConfiguration
  readonly frameCount: number
  readonly widthPx: number
  readonly heightPx: number
  readonly scenarios: Readonly<Record<string, readonly ReferenceCall[]>>
  readonly answers: Checkpoint
  pictureAt(frameIndex: number): Promise<Uint8Array>
}

/** Folders of reference numbers at or directly below `path`. */
export function referenceFoldersIn(path: string): string[] {
  if (!existsSync(path)) return []
  if (existsSync(join(path, 'scenarios.json'))) return [resolve(path)]
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(path, entry.name, 'scenarios.json')))
    .map((entry) => resolve(path, entry.name))
    .sort()
}

export async function openReferenceFolder(path: string): Promise<ReferenceFolder> {
  const rawConfiguration: unknown = JSON.parse(readFileSync(join(path, 'config.json'), 'utf8'))
  const { frames, video_height: heightPx, video_width: widthPx } = videoSchema.parse(rawConfiguration)
  const configuration = configurationFromReference(rawConfiguration)
  const scenarios = z
    .record(z.string(), z.array(callSchema))
    .parse(JSON.parse(readFileSync(join(path, 'scenarios.json'), 'utf8')))
  const pictureBytes = frames[1] * frames[2] * frames[3]
  const pictures = openSync(join(path, 'frames.u8'), 'r')
  return {
    path,
    checkpointPath: findCheckpoint(path, configuration),
    configuration,
    frameCount: frames[0],
    widthPx,
    heightPx,
    scenarios,
    answers: await openCheckpoint(join(path, 'scenarios.safetensors')),
    pictureAt: (frameIndex) => {
      const picture = new Uint8Array(pictureBytes)
      const read = readSync(pictures, picture, 0, pictureBytes, frameIndex * pictureBytes)
      if (read !== pictureBytes) throw new RangeError(`frames.u8 in ${path} has no frame ${frameIndex}`)
      return Promise.resolve(picture)
    },
  }
}

/**
 * `checkpoint.pt` beside the numbers, or the one .pt file of the nearest folder above that has one; copies of the
 * built-in model's numbers go with the weights that ship.
 */
function findCheckpoint(path: string, configuration: ModelConfiguration): string {
  const own = join(path, 'checkpoint.pt')
  if (existsSync(own)) return own
  let folder = path
  for (let level = 0; level < 3; level++) {
    folder = dirname(folder)
    const [checkpoint, ...others] = readdirSync(folder).filter((name) => name.endsWith('.pt'))
    if (checkpoint !== undefined && others.length === 0) return join(folder, checkpoint)
  }
  if (configuration.trunk.kind === 'mobilenet_v2') return weightsFile(findZooModel('nano')!)
  throw new Error(`No checkpoint belongs to ${path}: neither checkpoint.pt nor a .pt file in a folder above.`)
}
