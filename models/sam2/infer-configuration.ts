import type { Checkpoint } from '../checkpoint/checkpoint.ts'
import { ModelError } from '../errors.ts'
import {
  imageNetMean,
  imageNetStd,
  nanoConfiguration,
  nanoTrunk,
  officialNeck,
  officialTrunks,
  type HieraTrunk,
  type MobileNetV2Trunk,
  type ModelConfiguration,
  type RepVitTrunk,
  type SpatialPerceiver,
} from './configuration.ts'

/** The checkpoint's tensors are those of no model that is known here. */
export class UnknownModel extends ModelError {
  constructor(path: string, reason: string) {
    super('unknown-model', `The checkpoint ${path} holds no model that is known here: ${reason}.`)
  }
}

/** What shapes cannot say; needed only for a trunk that is none of the published ones. */
export interface ConfigurationHints {
  readonly trunk?: ModelConfiguration['trunk']
  readonly imageSize?: number
}

/**
 * Tells from a checkpoint's names and shapes which model it holds. A fine-tuned checkpoint of a published size is
 * known by its shapes.
 * @throws UnknownModel when the trunk is none of the published ones and no hint describes it.
 */
export function inferConfiguration(
  checkpoint: Checkpoint,
  hints: ConfigurationHints = {},
): ModelConfiguration {
  const shapes = new Shapes(checkpoint)
  const trunk = inferTrunk(shapes, hints.trunk)
  const usual =
    trunk.kind === 'mobilenet_v2'
      ? { ...nanoConfiguration, ...nanoConfiguration.neck }
      : { imageSize: 1024, mean: imageNetMean, std: imageNetStd, ...officialNeck }

  return {
    version: inferVersion(shapes),
    imageSize: hints.imageSize ?? usual.imageSize,
    mean: usual.mean,
    std: usual.std,
    trunk,
    neck: {
      backboneChannels: shapes.numbered((index) => `image_encoder.neck.convs.${index}.conv.weight`, 1),
      topDownLevels: usual.topDownLevels,
      scalp: usual.scalp,
    },
    dModel: shapes.size('no_mem_embed', 2),
    memoryDim: shapes.size('maskmem_tpos_enc', 3),
    feedForward: shapes.size('memory_attention.layers.0.linear1.weight', 0),
    memoryAttentionLayers: shapes.numbered((index) => `memory_attention.layers.${index}.linear1.weight`, 0)
      .length,
    numMaskMemories: shapes.size('maskmem_tpos_enc', 0),
    spatialPerceiver: inferPerceiver(shapes),
  }
}

const repVitPrefix = 'image_encoder.trunk.body'

class Shapes {
  readonly #checkpoint: Checkpoint

  constructor(checkpoint: Checkpoint) {
    this.#checkpoint = checkpoint
  }

  has(name: string): boolean {
    return this.#checkpoint.tensors.has(name)
  }

  size(name: string, axis: number): number {
    const size = this.#checkpoint.tensors.get(name)?.shape[axis]
    if (size === undefined) throw this.unknown(`${name} is missing or has too few axes`)
    return size
  }

  /** The sizes of `axis` of name(0), name(1), ... as far as they go. */
  numbered(name: (index: number) => string, axis: number): number[] {
    const sizes: number[] = []
    while (this.has(name(sizes.length))) sizes.push(this.size(name(sizes.length), axis))
    return sizes
  }

  unknown(reason: string): UnknownModel {
    return new UnknownModel(this.#checkpoint.path, reason)
  }
}

function inferVersion(shapes: Shapes): '2.0' | '2.1' {
  const spatial = shapes.has('no_obj_embed_spatial')
  const projected = shapes.has('obj_ptr_tpos_proj.weight')
  if (spatial !== projected) {
    throw shapes.unknown(
      'it has only one of no_obj_embed_spatial and obj_ptr_tpos_proj, which came together in 2.1',
    )
  }
  return spatial ? '2.1' : '2.0'
}

function inferTrunk(
  shapes: Shapes,
  hint: ModelConfiguration['trunk'] | undefined,
): ModelConfiguration['trunk'] {
  if (shapes.has('image_encoder.trunk.patch_embed.proj.weight')) {
    return inferHiera(shapes, hint?.kind === 'hiera' ? [hint] : Object.values(officialTrunks))
  }
  if (shapes.has('image_encoder.trunk.stem.weight')) {
    return inferMobileNet(shapes, hint?.kind === 'mobilenet_v2' ? hint : nanoTrunk)
  }
  if (shapes.has(`${repVitPrefix}.stem.conv1.c.weight`)) return inferRepVit(shapes)
  if (shapes.has('vision_encoder.neck.convs.0.weight')) {
    throw shapes.unknown('its names are those of the transformers library; the official checkpoint is needed')
  }
  throw shapes.unknown('its image encoder is none of Hiera, MobileNetV2 and RepViT')
}

function inferHiera(shapes: Shapes, known: readonly HieraTrunk[]): HieraTrunk {
  const embedDim = shapes.size('image_encoder.trunk.patch_embed.proj.weight', 0)
  const stages: number[] = []
  const block = (index: number) => `image_encoder.trunk.blocks.${index}`
  for (let index = 0; shapes.has(`${block(index)}.attn.qkv.weight`); index += 1) {
    // Only a block that widens its input has a projection on its short cut, and each stage but the first begins so.
    if (index === 0 || shapes.has(`${block(index)}.proj.weight`)) stages.push(0)
    stages.push((stages.pop() ?? 0) + 1)
  }
  const background = [2, 3].map((axis) => shapes.size('image_encoder.trunk.pos_embed', axis))
  const window = shapes.size('image_encoder.trunk.pos_embed_window', 2)

  const trunk = known.find(
    (candidate) =>
      candidate.embedDim === embedDim &&
      equal(candidate.stages, stages) &&
      equal(candidate.windowPosEmbedBackgroundSize, background) &&
      candidate.windowSpec[0] === window,
  )
  if (!trunk) {
    throw shapes.unknown(
      `its Hiera trunk has ${embedDim} channels and ${stages.join('-')} blocks, which is none of the published sizes`,
    )
  }
  return trunk
}

function inferMobileNet(shapes: Shapes, trunk: MobileNetV2Trunk): MobileNetV2Trunk {
  const prefix = 'image_encoder.trunk.stages'
  const fits =
    shapes.size('image_encoder.trunk.stem.weight', 0) === trunk.stem &&
    !shapes.has(`${prefix}.${trunk.stages.length}.0.project.weight`) &&
    trunk.stages.every((stage, index) =>
      equal(
        shapes.numbered((repeat) => `${prefix}.${index}.${repeat}.project.weight`, 0),
        Array.from({ length: stage.repeats }, () => stage.channels),
      ),
    )
  if (!fits) throw shapes.unknown("its MobileNetV2 trunk is not nano's")
  return trunk
}

/** RepViT's shapes say all there is to know, so that any size of it is known. */
function inferRepVit(shapes: Shapes): RepVitTrunk {
  const channels = (stage: number): number[] =>
    shapes.numbered((block) => `${repVitPrefix}.stages_${stage}.blocks.${block}.token_mixer.conv.c.weight`, 0)
  const stages = [channels(0), channels(1), channels(2), channels(3)] as const
  if (stages.some((blocks) => blocks.length === 0)) {
    throw shapes.unknown('its RepViT trunk has fewer than four stages')
  }
  const [first, second, third, fourth] = stages
  return {
    kind: 'repvit',
    channels: [first[0]!, second[0]!, third[0]!, fourth[0]!],
    depths: [first.length, second.length, third.length, fourth.length],
  }
}

function inferPerceiver(shapes: Shapes): SpatialPerceiver | null {
  if (!shapes.has('spatial_perceiver.latents')) return null
  const windowLatents = shapes.size('spatial_perceiver.latents_2d', 0)
  if (!Number.isInteger(Math.sqrt(windowLatents))) {
    throw shapes.unknown(`its perceiver has ${windowLatents} windows, which is no square number`)
  }
  return {
    globalLatents: shapes.size('spatial_perceiver.latents', 0),
    windowLatents,
    depth: shapes.numbered((layer) => `spatial_perceiver.layers.${layer}.ff.1.weight`, 0).length,
  }
}

function equal(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((value, index) => value === other[index])
}
