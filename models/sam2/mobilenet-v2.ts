import type { GraphBuilder, Value } from '../graph/graph-builder.ts'
import { add, convolution, rowsOfChannels } from '../graph/layers.ts'
import type { MobileNetV2Trunk } from './configuration.ts'
import type { FeatureMap } from './feature-map.ts'

const prefix = 'image_encoder.trunk'

/**
 * The MobileNetV2 trunk of the built-in model, batch norms folded into biases: picture [1, 3, S, S] to maps at
 * strides 4, 8 and 16 (the last stages dilate instead of striding). See zoo/nano/README.md.
 */
export function mobileNetV2(
  g: GraphBuilder,
  image: Value,
  trunk: MobileNetV2Trunk,
  imageSize: number,
): FeatureMap[] {
  const stem = { inputs: 3, outputs: trunk.stem, kernel: 3, stride: 2, padding: 1 }
  let x = clipSix(g, convolution(g, image, `${prefix}.stem`, stem))
  let channels = trunk.stem
  let stride = 2
  const lastOfStride = new Map<number, FeatureMap>()
  trunk.stages.forEach((stage, stageIndex) => {
    for (let block = 0; block < stage.repeats; block++) {
      const blockStride = block === 0 ? stage.stride : 1
      const dilation = block === 0 && stageIndex === 5 ? trunk.firstBlockOfStage5Dilation : stage.dilation
      x = invertedResidual(g, x, {
        name: `${prefix}.stages.${stageIndex}.${block}`,
        inputs: channels,
        outputs: stage.channels,
        expansion: stage.expansion,
        stride: blockStride,
        dilation,
      })
      channels = stage.channels
      stride *= blockStride
    }
    lastOfStride.set(stride, { value: x, size: imageSize / stride, channels })
  })
  return trunk.taps.map((tap) => {
    const map = lastOfStride.get(tap.stride)!
    return { ...map, value: rowsOfChannels(g, map.value, map.channels) }
  })
}

interface InvertedResidual {
  readonly name: string
  readonly inputs: number
  readonly outputs: number
  readonly expansion: number
  readonly stride: number
  readonly dilation: number
}

function invertedResidual(g: GraphBuilder, x: Value, block: InvertedResidual): Value {
  const { name, inputs, outputs, expansion, stride, dilation } = block
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
  const spatial = clipSix(g, convolution(g, expanded, `${name}.depthwise`, depthwise))
  const projected = convolution(g, spatial, `${name}.project`, { inputs: width, outputs, kernel: 1 })
  return stride === 1 && inputs === outputs ? add(g, x, projected) : projected
}

/** ReLU6. */
function clipSix(g: GraphBuilder, x: Value): Value {
  return g.operator('Clip', [x, g.floats([0], []), g.floats([6], [])])
}
