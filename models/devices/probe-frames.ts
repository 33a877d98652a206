import { openCheckpoint } from '../checkpoint/checkpoint.ts'
import type { Device } from '../runtime/session.ts'
import { nanoConfiguration } from '../sam2/configuration.ts'
import { chooseMask } from '../sam2/mask-choice.ts'
import { Sam2Model } from '../sam2/sam2-model.ts'
import { findZooModel } from '../zoo/zoo.ts'
import { weightsFile } from '../zoo/resolve-model.ts'

export interface ProbedFrames {
  /** Mask logits of all candidates of the tracked frames, one after the other. */
  readonly logits: Float32Array
  /** Median of the tracked frames after the first, which also makes the graphs ready. */
  readonly millisecondsPerFrame: number
}

/**
 * Prompts a disc and tracks it over some frames with the built-in model: every graph that tracking needs runs once at
 * least, and memories go from one to the next on the device.
 * @throws InferenceFailed where the device does not take them
 */
export async function probeFrames(
  device: Device,
  sizePx: number,
  trackedFrames: number,
): Promise<ProbedFrames> {
  const checkpoint = await openCheckpoint(weightsFile(findZooModel('nano')!))
  const configuration = { ...nanoConfiguration, imageSize: sizePx }
  const model = await Sam2Model.load(checkpoint, configuration, { device })
  try {
    const first = await model.encodeImage(picture(sizePx, 0))
    const click = { coordinates: Float32Array.of(sizePx / 3, sizePx / 2), labels: [1] }
    const answer = await model.decodePrompts(first, click, { addNoMemory: true })
    const prompted = chooseMask({ ...answer, objectScore: 1 }, true, model.noObjectPointer)
    const memory = await model.encodeMemory(first, prompted.maskLogits, { fromPrompts: true, absent: false })
    await model.releaseImage(first)
    const logits = [...answer.maskLogits]
    const milliseconds: number[] = []
    for (let frame = 1; frame <= trackedFrames; frame++) {
      const start = performance.now()
      const image = await model.encodeImage(picture(sizePx, frame))
      const candidates = await model.decodeTracked(image, {
        // Twice the same, so that memories are joined, too.
        memories: [memory, memory],
        memoryTimes: [6, 0],
        pointers: [prompted.pointer],
        pointerDistances: [frame / 15],
      })
      const found = chooseMask({ ...candidates, objectScore: 1 }, true, model.noObjectPointer)
      const made = await model.encodeMemory(image, found.maskLogits, { fromPrompts: false, absent: false })
      // A device works on after the call; the next frame's answer shows that it is done.
      made.dispose()
      await model.releaseImage(image)
      milliseconds.push(performance.now() - start)
      logits.push(...candidates.maskLogits)
    }
    memory.dispose()
    return { logits: joined(logits), millisecondsPerFrame: median(milliseconds.slice(1)) }
  } finally {
    await model.dispose()
  }
}

/** A bright disc that moves over a dark ground: RGB bytes, [S, S, 3]. */
function picture(sizePx: number, frame: number): Uint8Array {
  const rgb = new Uint8Array(sizePx * sizePx * 3).fill(60)
  const centre = sizePx / 3 + (frame * sizePx) / 32
  for (let pixel = 0; pixel < sizePx * sizePx; pixel++) {
    const [x, y] = [pixel % sizePx, Math.floor(pixel / sizePx)]
    if ((x - centre) ** 2 + (y - sizePx / 2) ** 2 < (sizePx / 6) ** 2) rgb.set([220, 120, 40], pixel * 3)
  }
  return rgb
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((length, part) => length + part.length, 0))
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.length
  }
  return whole
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[sorted.length >> 1]!
}
