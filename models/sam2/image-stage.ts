import { byteTensor, floatTensor, floatsOf } from '../runtime/tensor.ts'
import type { ModelConfiguration } from './configuration.ts'
import { contrastWeights, foregroundWeights } from './foreground-pooling.ts'
import {
  imageOfNumbers,
  numbersOfImage,
  type ImageFeatures,
  type ImageNumbers,
  type PreparedFrame,
} from './image-features.ts'
import type { MaskCandidates } from './mask-choice.ts'
import type { ModelGraphs, Precision } from './model-graphs.ts'
import { runAtCheckedPrecision } from './precision-check.ts'

/** What is said of a picture whatever the objects: image encoder and frame preparation, the latter once for each picture. */
export class ImageStage {
  private readonly graphs: ModelGraphs
  private readonly configuration: ModelConfiguration
  private readonly prepared = new WeakMap<ImageFeatures, Promise<PreparedFrame>>()

  constructor(graphs: ModelGraphs, configuration: ModelConfiguration) {
    this.graphs = graphs
    this.configuration = configuration
  }

  /**
   * Encodes one picture: RGB bytes, [S, S, 3].
   * @param answer masks from the features, by which fp16 is held against fp32
   */
  async encode(
    rgb: Uint8Array,
    answer: (image: ImageFeatures) => Promise<MaskCandidates>,
    onNotice: ((sentence: string) => void) | undefined,
  ): Promise<ImageFeatures> {
    const { imageSize } = this.configuration
    const picture = byteTensor(rgb, [imageSize, imageSize, 3])
    const encodeAt = async (precision?: Precision): Promise<ImageFeatures> => {
      const { stride4, stride8, stride16 } = await this.graphs.run('image-encoder', { picture }, precision)
      return { stride4: stride4!, stride8: stride8!, stride16: stride16! }
    }
    const release = (image: ImageFeatures): Promise<void> => this.release(image)
    return runAtCheckedPrecision(this.graphs, 'image-encoder', encodeAt, { answer, release, onNotice })
  }

  /** What the objects of a picture need of it besides; made when it is first asked for. */
  prepare(image: ImageFeatures): Promise<PreparedFrame> {
    const known = this.prepared.get(image)
    if (known) return known
    const made = this.graphs.run('frame-preparation', { stride16: image.stride16 }).then((outputs) => ({
      attended: outputs['attended']!,
      memory_pixels: outputs['memory_pixels']!,
    }))
    this.prepared.set(image, made)
    return made
  }

  /** @throws TypeError where the model runs on a device */
  async numbersOf(image: ImageFeatures): Promise<ImageNumbers> {
    return numbersOfImage(image, await this.prepare(image))
  }

  /** Takes up what another model of the same checkpoint and size said of a picture. */
  adopt(numbers: ImageNumbers): ImageFeatures {
    const { image, prepared } = imageOfNumbers(numbers, this.configuration.dModel)
    this.prepared.set(image, Promise.resolve(prepared))
    return image
  }

  /** Frees what an image's features hold on a device; they are of no use afterwards. */
  async release(image: ImageFeatures): Promise<void> {
    const prepared = await this.prepared.get(image)?.catch(() => undefined)
    this.prepared.delete(image)
    for (const tensor of [image.stride4, image.stride8, image.stride16]) tensor.dispose()
    prepared?.attended.dispose()
    prepared?.memory_pixels.dispose()
  }

  /** What the foreground of a mask [S/4, S/4] looks like, [d]: the mean of the picture's features in it; null for none. */
  describeForeground(image: ImageFeatures, maskLogits: Float32Array): Promise<Float32Array | null> {
    return this.pooled(image, foregroundWeights(maskLogits, this.configuration.imageSize))
  }

  /**
   * The same less the mean of the features in all of the picture: what tells it from what is around it; null as well for a
   * mask that fills nearly all of it.
   */
  contrastForeground(image: ImageFeatures, maskLogits: Float32Array): Promise<Float32Array | null> {
    return this.pooled(image, contrastWeights(maskLogits, this.configuration.imageSize))
  }

  private async pooled(image: ImageFeatures, weights: Float32Array | null): Promise<Float32Array | null> {
    if (weights === null) return null
    const { descriptor } = await this.graphs.run('foreground-pooling', {
      weights: floatTensor(weights, [1, weights.length]),
      stride16: image.stride16,
    })
    return floatsOf(descriptor!)
  }
}
