import { integer, GraphBuilder, type Value } from '../../models/graph/graph-builder.ts'
import { InferenceSession, Tensor } from '../../models/runtime/onnx-runtime.ts'
import { sessionOptionsFor } from '../../models/runtime/session.ts'
import { nanoTrunk } from '../../models/sam2/configuration.ts'
import { projected } from '../../models/sam2/feature-map.ts'
import { mobileNetV2 } from '../../models/sam2/mobilenet-v2.ts'
import { resolveModel } from '../../models/zoo/resolve-model.ts'
import { findMediaTools } from '../../electron/engine/video/media-tools.ts'
import { openVideo } from '../../electron/engine/video/open-video.ts'
import { resizeBicubic } from '../../electron/engine/video/resize-bicubic.ts'
import type { DecodedFrame } from '../../electron/engine/video/video-source.ts'

// npm run largest-values -- VIDEO|FOLDER...: the largest magnitudes between the blocks of nano's trunk over every tenth of
// the first 61 frames of some clips, for models/zoo/nano-largest-values.ts.

const everyFrames = 10
const lastFrame = 60

const { checkpoint, configuration } = await resolveModel('nano')
const { imageSize } = configuration
const g = new GraphBuilder('largest-values', checkpoint)
const picture = g.input('picture', 'float32', [1, 3, imageSize, imageSize])
const names: string[] = []
const noteLargest = (map: Value): void => {
  const largest = g.operator('ReduceMax', [g.operator('Abs', [map])], { keepdims: integer(0) })
  names.push(`largest ${names.length}`)
  g.output(names.at(-1)!, largest, [])
}
const maps = mobileNetV2(g, picture, nanoTrunk, imageSize, noteLargest)
for (const map of maps) if ('projection' in map) noteLargest(projected(g, map).value)
const options = sessionOptionsFor(checkpoint.path, { device: 'cpu', threads: 1 })
const session = await InferenceSession.create(g.build(), options)

const tools = await findMediaTools()
const largest = names.map(() => 0)
let frameCount = 0
for (const path of process.argv.slice(2)) {
  const video = await openVideo(path, { tools })
  const last = Math.min(video.frameCount - 1, lastFrame)
  for await (const frame of video.frames({ first: 0, last })) {
    if (frame.frameIndex % everyFrames !== 0) continue
    const found = await session.run({ picture: normalised(frame) })
    names.forEach((name, place) => {
      largest[place] = Math.max(largest[place]!, Number(found[name]!.data[0]))
    })
    frameCount++
  }
  await video.close()
}
console.log(`${frameCount} frames: ${largest.map((value) => value.toFixed(2)).join(', ')}`)

/** The frame as the trunk takes it, [1, 3, S, S]. */
function normalised({ rgb, widthPx, heightPx }: DecodedFrame): Tensor {
  const bytes = resizeBicubic(rgb, widthPx, heightPx, imageSize, imageSize)
  const area = imageSize * imageSize
  const { mean, std } = configuration
  const values = new Float32Array(3 * area)
  bytes.forEach((byte, place) => {
    const channel = place % 3
    values[channel * area + (place - channel) / 3] = (byte / 255 - mean[channel]!) / std[channel]!
  })
  return new Tensor('float32', values, [1, 3, imageSize, imageSize])
}
