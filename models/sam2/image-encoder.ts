import type { Checkpoint } from '../checkpoint/checkpoint.ts'
import { GraphBuilder, type GraphStyle, type Value } from '../graph/graph-builder.ts'
import { add, multiply, reshape, transpose } from '../graph/layers.ts'
import type { ModelConfiguration } from './configuration.ts'
import { projected, type TrunkMap } from './feature-map.ts'
import { composedPointwise, lateralPyramid } from './fpn-neck.ts'
import { hiera } from './hiera.ts'
import { mobileNetV2Int8 } from './mobilenet-v2-int8.ts'
import { mobileNetV2 } from './mobilenet-v2.ts'
import { repVit } from './repvit.ts'

/**
 * The image encoder, with what the mask decoder does to its finer maps once per picture
 * (SAM2Base.forward_image).
 *
 * Input: `picture` uint8 [S, S, 3], RGB at model size.
 * Outputs, rows of channels: `stride4` [(S/4)^2, d/8], `stride8` [(S/8)^2, d/4], `stride16` [(S/16)^2, d].
 */
export function buildImageEncoder(
  checkpoint: Checkpoint,
  configuration: ModelConfiguration,
  style?: GraphStyle,
): Uint8Array {
  const g = new GraphBuilder('image-encoder', checkpoint, style)
  const { imageSize, dModel } = configuration
  const picture = g.input('picture', 'uint8', [imageSize, imageSize, 3])
  const maps = trunk(g, normalise(g, picture, configuration), configuration)
  const [level0, level1] = maps
  const stride16 = lateralPyramid(g, maps, configuration.neck, dModel)
  const stride4 = composedPointwise(g, projected(g, level0!), {
    first: `image_encoder.neck.convs.${maps.length - 1}.conv`,
    second: 'sam_mask_decoder.conv_s0',
    hidden: dModel,
    outputs: dModel / 8,
  })
  const stride8 = composedPointwise(g, projected(g, level1!), {
    first: `image_encoder.neck.convs.${maps.length - 2}.conv`,
    second: 'sam_mask_decoder.conv_s1',
    hidden: dModel,
    outputs: dModel / 4,
  })
  const cells = (stride: number): number => (imageSize / stride) ** 2
  g.output('stride4', stride4, [cells(4), dModel / 8])
  g.output('stride8', stride8, [cells(8), dModel / 4])
  g.output('stride16', stride16, [cells(16), dModel])
  return g.build()
}

/**
 * [S, S, 3] bytes to [1, 3, S, S] floats, (value / 255 - mean) / deviation. The planes are pulled apart first: a
 * factor per plane is much faster than a factor per channel of each pixel.
 */
function normalise(g: GraphBuilder, picture: Value, { imageSize, mean, std }: ModelConfiguration): Value {
  const scale = std.map((deviation) => 1 / (255 * deviation))
  const offset = mean.map((value, channel) => -value / std[channel]!)
  const planes = transpose(g, reshape(g, picture, [imageSize * imageSize, 3]), [1, 0])
  const values = g.castToFloat(planes)
  const normalised = add(g, multiply(g, values, g.floats(scale, [3, 1])), g.floats(offset, [3, 1]))
  return reshape(g, normalised, [1, 3, imageSize, imageSize])
}

/** The trunk's maps of a normalised picture [1, 3, S, S], finest first. */
export function trunk(g: GraphBuilder, image: Value, configuration: ModelConfiguration): TrunkMap[] {
  if (g.style.precision === 'int8') return int8Trunk(g, image, configuration)
  switch (configuration.trunk.kind) {
    case 'hiera':
      return hiera(g, image, configuration.trunk, configuration.imageSize)
    case 'mobilenet_v2':
      return mobileNetV2(g, image, configuration.trunk, configuration.imageSize)
    case 'repvit':
      return repVit(g, image, configuration.trunk, configuration.imageSize)
  }
}

/** Whether a model's trunk can be computed in 8 bits. */
export function hasInt8Trunk({ trunk }: ModelConfiguration): boolean {
  return trunk.kind === 'mobilenet_v2' && trunk.largestValues !== undefined
}

function int8Trunk(g: GraphBuilder, image: Value, { trunk, imageSize }: ModelConfiguration): TrunkMap[] {
  if (trunk.kind !== 'mobilenet_v2' || trunk.largestValues === undefined)
    throw new TypeError('the largest values of this trunk are not known, so it has no scales for 8 bits')
  return mobileNetV2Int8(g, image, { ...trunk, largestValues: trunk.largestValues }, imageSize)
}
