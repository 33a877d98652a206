import { areFinite } from '../runtime/finite.ts'
import { InferenceFailed } from '../runtime/session.ts'
import { floatTensor, floatsOf, integerTensor, type RuntimeTensor } from '../runtime/tensor.ts'
import type { ModelConfiguration } from './configuration.ts'
import type { ImageFeatures } from './image-features.ts'
import type { MaskCandidates } from './mask-choice.ts'
import type { ModelGraphs } from './model-graphs.ts'
import { pointLabels } from './prompt-encoder.ts'

/** Points in model pixels, boxes as two corners first (see pointLabels), and earlier logits to refine. */
export interface DecoderPrompts {
  readonly coordinates: Float32Array
  readonly labels: readonly number[]
  /** [1, 1, S/4, S/4] */
  readonly maskPrompt?: Float32Array
}

/** The mask decoder at work: what it is given, and what it says, in the model's own terms. */
export class MaskStage {
  private readonly graphs: ModelGraphs
  private readonly configuration: ModelConfiguration

  constructor(graphs: ModelGraphs, configuration: ModelConfiguration) {
    this.graphs = graphs
    this.configuration = configuration
  }

  /** Side of the mask logits: a quarter of the picture's. */
  get maskSize(): number {
    return this.configuration.imageSize / 4
  }

  /** All four masks for prompts; `conditioned` is the picture as seen with the bank, or not there without one. */
  async ofPrompts(
    image: ImageFeatures,
    { coordinates, labels, maskPrompt }: DecoderPrompts,
    seenWith: { readonly conditioned?: RuntimeTensor | undefined; readonly addNoMemory: boolean },
  ): Promise<MaskCandidates> {
    const count = labels.length + 1
    // The prompt encoder always appends one padding point (prompt_encoder.py, `pad`).
    const padded = new Float32Array(count * 2)
    padded.set(coordinates)
    const inputs: Record<string, RuntimeTensor> = {
      embedding: seenWith.conditioned ?? image.stride16,
      stride8: image.stride8,
      stride4: image.stride4,
      coordinates: floatTensor(padded, [count, 2]),
      labels: integerTensor([...labels, pointLabels.padding]),
      no_memory: floatTensor(Float32Array.of(seenWith.addNoMemory ? 1 : 0), [1]),
    }
    if (maskPrompt) inputs['mask_prompt'] = floatTensor(maskPrompt, [1, 1, this.maskSize, this.maskSize])
    const graph = maskPrompt ? 'mask-decoder-points-and-mask' : 'mask-decoder-points'
    return this.candidates(await this.graphs.run(graph, inputs), 0)
  }

  /** The three masks of the multimask output, without prompts, of a picture as seen with the bank, [n, d]. */
  async ofTracked(image: ImageFeatures, conditioned: RuntimeTensor): Promise<MaskCandidates> {
    const inputs = { embedding: conditioned, stride8: image.stride8, stride4: image.stride4 }
    return this.candidates(await this.graphs.run('mask-decoder-none', inputs), 1)
  }

  private candidates(outputs: Readonly<Record<string, RuntimeTensor>>, firstToken: 0 | 1): MaskCandidates {
    const logits = floatsOf(outputs['mask_logits']!)
    const pointers = floatsOf(outputs['pointers']!)
    const ious = floatsOf(outputs['ious']!)
    const objectScore = floatsOf(outputs['object_score']!)[0]!
    // A NaN among the logits would only look like a mask that is empty.
    if (!Number.isFinite(objectScore) || ![ious, logits, pointers].every(areFinite)) {
      const { device } = this.graphs
      const cause = new Error('not finite')
      throw new InferenceFailed('mask-decoder', { device, cause, kind: 'wrong-numbers' })
    }
    return {
      firstToken,
      maskLogits: split(logits, this.maskSize ** 2),
      pointers: split(pointers, this.configuration.dModel),
      ious,
      objectScore,
    }
  }
}

function split(whole: Float32Array, length: number): Float32Array[] {
  return Array.from({ length: whole.length / length }, (_, index) =>
    whole.slice(index * length, (index + 1) * length),
  )
}
