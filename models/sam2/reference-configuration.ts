import { z } from 'zod'
import { ModelError } from '../errors.ts'
import {
  imageNetMean,
  imageNetStd,
  neckChannels,
  officialNeck,
  type HieraTrunk,
  type MobileNetV2Trunk,
  type ModelConfiguration,
} from './configuration.ts'

const size = z.int().positive()
const triple = z.tuple([z.number(), z.number(), z.number()])
const four = z.tuple([size, size, size, size])

const hieraSchema = z.object({
  kind: z.literal('hiera').optional(),
  embed_dim: size.default(96),
  num_heads: size.default(1),
  stages: four.default([2, 3, 16, 3]),
  global_att_blocks: z.array(z.int().nonnegative()).default([12, 16, 20]),
  window_pos_embed_bkg_spatial_size: z.tuple([size, size]).default([14, 14]),
  window_spec: four.default([8, 4, 14, 7]),
})

const mobileNetSchema = z.object({
  kind: z.literal('mobilenet_v2'),
  stem: size,
  stages: z.array(z.object({ expansion: size, channels: size, repeats: size, stride: size, dilation: size })),
  first_block_of_stage_5_dilation: size,
  activation: z.literal('relu6'),
  taps: z.record(z.string(), size),
})

const repVitSchema = z.object({ kind: z.literal('repvit').optional(), embed_dim: four, depth: four })

const referenceSchema = z.object({
  /** EdgeTAM's has none; its rules are those of 2.0. */
  version: z.enum(['2.0', '2.1']).optional(),
  image_size: size.default(1024),
  d_model: size.default(256),
  mem_dim: size.default(64),
  ffn: size.default(2048),
  mem_layers: size.default(4),
  num_maskmem: size.default(7),
  mean: triple.default([...imageNetMean]),
  std: triple.default([...imageNetStd]),
  num_latents: size.default(256),
  num_latents_2d: size.refine((count) => Number.isInteger(Math.sqrt(count)), 'must be a square').default(256),
  perceiver_depth: size.default(2),
  trunk: z.union([mobileNetSchema, repVitSchema, hieraSchema]),
  neck: z
    .object({ fpn_top_down_levels: z.array(z.int().nonnegative()), scalp: z.int().nonnegative().default(1) })
    .optional(),
})

/** A `config.json` of the reference numbers describes a model that is not known here. */
export class UnknownReference extends ModelError {
  constructor(reason: string) {
    super('unknown-reference', `The reference's config.json describes no model that is known: ${reason}.`)
  }
}

/**
 * Reads the `config.json` beside reference numbers; what it does not name has the official value.
 * @throws UnknownReference
 */
export function configurationFromReference(json: unknown): ModelConfiguration {
  const parsed = referenceSchema.safeParse(json)
  if (!parsed.success) throw new UnknownReference(z.prettifyError(parsed.error).replaceAll('\n', ' '))
  const reference = parsed.data
  const trunk = trunkOf(reference.trunk)
  const isEdgeTam = trunk.kind === 'repvit'
  const version = reference.version ?? (isEdgeTam ? '2.0' : undefined)
  if (!version) throw new UnknownReference('its version is missing')
  return {
    version,
    imageSize: reference.image_size,
    mean: reference.mean,
    std: reference.std,
    trunk,
    neck: {
      backboneChannels: neckChannels(trunk),
      topDownLevels: reference.neck?.fpn_top_down_levels ?? officialNeck.topDownLevels,
      scalp: reference.neck?.scalp ?? officialNeck.scalp,
    },
    dModel: reference.d_model,
    memoryDim: reference.mem_dim,
    feedForward: reference.ffn,
    memoryAttentionLayers: reference.mem_layers,
    numMaskMemories: reference.num_maskmem,
    spatialPerceiver: isEdgeTam
      ? {
          globalLatents: reference.num_latents,
          windowLatents: reference.num_latents_2d,
          depth: reference.perceiver_depth,
        }
      : null,
  }
}

function trunkOf(trunk: z.infer<typeof referenceSchema>['trunk']): ModelConfiguration['trunk'] {
  if (trunk.kind === 'mobilenet_v2') return mobileNet(trunk)
  if ('depth' in trunk) return { kind: 'repvit', channels: trunk.embed_dim, depths: trunk.depth }
  return hiera(trunk)
}

function hiera(trunk: z.infer<typeof hieraSchema>): HieraTrunk {
  return {
    kind: 'hiera',
    embedDim: trunk.embed_dim,
    numHeads: trunk.num_heads,
    stages: trunk.stages,
    globalAttentionBlocks: trunk.global_att_blocks,
    windowSpec: trunk.window_spec,
    windowPosEmbedBackgroundSize: trunk.window_pos_embed_bkg_spatial_size,
  }
}

function mobileNet(trunk: z.infer<typeof mobileNetSchema>): MobileNetV2Trunk {
  return {
    kind: 'mobilenet_v2',
    stem: trunk.stem,
    stages: trunk.stages,
    firstBlockOfStage5Dilation: trunk.first_block_of_stage_5_dilation,
    taps: Object.entries(trunk.taps)
      .map(([stride, channels]) => ({ stride: Number(stride), channels }))
      .sort((one, other) => one.stride - other.stride),
  }
}
