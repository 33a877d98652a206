import type { GraphBuilder, Value } from '../graph/graph-builder.ts'
import { add, convolution, rowsOfChannels } from '../graph/layers.ts'
import type { MobileNetV2Trunk } from './configuration.ts'
import type { TrunkMap, UnprojectedMap } from './feature-map.ts'

export const trunkPrefix = 'image_encoder.trunk'

/**
 * The MobileNetV2 trunk of the built-in model, batch norms folded into biases: picture [1, 3, S, S] to maps at
 * strides 4, 8 and 16 (the last stages dilate instead of striding). See zoo/nano/README.md.
 * @param onMap called with each map whose size `MobileNetV2Trunk.largestValues` speaks of, in its order, but for one that is
 * left unprojected
 */
export function mobileNetV2(
  g: GraphBuilder,
  image: Value,
  trunk: MobileNetV2Trunk,
  imageSize: number,
  onMap: (map: Value) => void = () => {},
): TrunkMap[] {
  const stem = { inputs: 3, outputs: trunk.stem, kernel: 3, stride: 2, padding: 1 }
  let x = clipSix(g, convolution(g, image, `${trunkPrefix}.stem`, stem))
  const blocks = blocksOf(trunk)
  const lastOfStride = new Map<number, Omit<UnprojectedMap, 'inputs' | 'projection'> | UnprojectedMap>()
  blocks.forEach(({ block, strideAfter }, place) => {
    const { name, inputs, expansion, outputs: channels, isResidual } = block
    const map = { size: imageSize / strideAfter, channels }
    if (place === blocks.length - 1 && !isResidual) {
      // Nothing in the trunk needs it: the neck makes one convolution of its projection and its own.
      const projection = { inputs: inputs * expansion, projection: `${name}.project` }
      lastOfStride.set(strideAfter, { ...map, ...projection, planes: expandedMap(g, x, block) })
    } else {
      x = invertedResidual(g, x, block, onMap)
      lastOfStride.set(strideAfter, { ...map, planes: x })
    }
  })
  return trunk.taps.map(({ stride }) => {
    const map = lastOfStride.get(stride)!
    if ('projection' in map) return map
    const { planes, size, channels } = map
    return { value: rowsOfChannels(g, planes, channels), size, channels }
  })
}

/** One block, as the trunk's table of stages comes down to it. */
export interface InvertedResidual {
  readonly name: string
  readonly inputs: number
  readonly outputs: number
  readonly expansion: number
  readonly stride: number
  readonly dilation: number
  /** Whether its input is added to what it gives. */
  readonly isResidual: boolean
}

/** The trunk's blocks in order, each with the stride of the map that it gives. */
export function blocksOf(trunk: MobileNetV2Trunk): { block: InvertedResidual; strideAfter: number }[] {
  let inputs = trunk.stem
  let strideAfter = 2
  return trunk.stages.flatMap((stage, stageIndex) =>
    Array.from({ length: stage.repeats }, (_, place) => {
      const stride = place === 0 ? stage.stride : 1
      const dilation = place === 0 && stageIndex === 5 ? trunk.firstBlockOfStage5Dilation : stage.dilation
      const { channels: outputs, expansion } = stage
      const block = {
        name: `${trunkPrefix}.stages.${stageIndex}.${place}`,
        ...{ inputs, outputs, expansion, stride, dilation },
        isResidual: stride === 1 && inputs === outputs,
      }
      inputs = outputs
      strideAfter *= stride
      return { block, strideAfter }
    }),
  )
}

function invertedResidual(
  g: GraphBuilder,
  x: Value,
  block: InvertedResidual,
  onMap: (map: Value) => void,
): Value {
  const { name, inputs, outputs, expansion, isResidual } = block
  const width = inputs * expansion
  const spatial = expandedMap(g, x, block)
  const projected = convolution(g, spatial, `${name}.project`, { inputs: width, outputs, kernel: 1 })
  onMap(projected)
  if (!isResidual) return projected
  const sum = add(g, x, projected)
  onMap(sum)
  return sum
}

/** A block up to its projection. */
function expandedMap(g: GraphBuilder, x: Value, block: InvertedResidual): Value {
  const { name, inputs, expansion, stride, dilation } = block
  const width = inputs * expansion
  const expanded =
    expansion === 1
      ? x
      : clipSix(g, convolution(g, x, `${name}.expand`, { inputs, outputs: width, kernel: 1 }))
  const depthwise = {
    inputs: width,
    outputs: width,
    kernel: 3,
    stride,
    dilation,
    padding: dilation,
    depthwise: true,
  }
  return clipSix(g, convolution(g, expanded, `${name}.depthwise`, depthwise))
}

/** ReLU6. */
function clipSix(g: GraphBuilder, x: Value): Value {
  return g.operator('Clip', [x, g.floats([0], []), g.floats([6], [])])
}
