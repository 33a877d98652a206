import { availableParallelism } from 'node:os'
import type { Checkpoint } from '../checkpoint/checkpoint.ts'
import { requireTensor } from '../checkpoint/require-tensor.ts'
import { ModelError } from '../errors.ts'
import type { Device, InferenceFailed } from '../runtime/session.ts'
import type { RuntimeTensor } from '../runtime/tensor.ts'
import { addsBytesExactly } from './byte-products.ts'
import { inputSizeStep, type ModelConfiguration } from './configuration.ts'
import type { GraphName } from './graphs.ts'
import { hasInt8Trunk } from './image-encoder.ts'
import type { ImageFeatures, ImageNumbers } from './image-features.ts'
import { ImageStage } from './image-stage.ts'
import type { MaskCandidates } from './mask-choice.ts'
import { downsampleMask, readMaskDownsample, type MaskDownsample } from './mask-downsample.ts'
import { MaskStage, type DecoderPrompts } from './mask-stage.ts'
import { MemoryStage, type ConditioningInputs } from './memory-stage.ts'
import { ModelGraphs, type ModelGraphsOptions, type WantedPrecision } from './model-graphs.ts'
import { pointLabels } from './prompt-encoder.ts'

export interface LoadOptions {
  readonly device?: Device
  /** Threads inside one operator on the CPU; all cores by default. */
  readonly threads?: number
  /** Of the graphs that gain by it; fp16 stays only where masks are the same. `fp32` by default. */
  readonly precision?: WantedPrecision
  /** Called with a sentence for the person when the model does not run as it was asked to. */
  readonly onNotice?: (sentence: string) => void
  /** Opens the runtime's sessions; tests put failing devices in its place. */
  readonly openSession?: ModelGraphsOptions['openSession']
  /** Called after each run of a graph with its name and how long it took. */
  readonly onRun?: (graph: string, milliseconds: number) => void
}

/** What a picture is seen with where it is not the first of its video. */
export interface SeenWith {
  readonly bank?: ConditioningInputs
  /** The picture as `conditionImage` gave it, in place of a bank. */
  readonly conditioned?: RuntimeTensor
  readonly addNoMemory: boolean
}

const largestImageSize = 2048

/** The model's picture must divide into the windows and strides of its trunk. */
export class UnsupportedInputSize extends ModelError {
  constructor(imageSize: number, step: number) {
    super(
      'unsupported-input-size',
      `The model's input size must be a multiple of ${step} pixels up to ${largestImageSize}, not ${imageSize}.`,
    )
  }
}

/** A model of the SAM 2 family, ready to run: its stages one by one, and no idea of video. */
export class Sam2Model {
  readonly configuration: ModelConfiguration
  readonly checkpoint: Checkpoint
  /** What stands for the pointer of an absent object: [d]. */
  readonly noObjectPointer: Float32Array
  private readonly maskDownsample: MaskDownsample
  private readonly graphs: ModelGraphs
  private readonly images: ImageStage
  private readonly masks: MaskStage
  private readonly memories: MemoryStage
  private timesRecovered = 0
  private readonly onNotice: LoadOptions['onNotice']

  private constructor(
    checkpoint: Checkpoint,
    configuration: ModelConfiguration,
    constants: { noObjectPointer: Float32Array; maskDownsample: MaskDownsample },
    graphs: ModelGraphs,
    onNotice: LoadOptions['onNotice'],
  ) {
    this.checkpoint = checkpoint
    this.configuration = configuration
    this.noObjectPointer = constants.noObjectPointer
    this.maskDownsample = constants.maskDownsample
    this.graphs = graphs
    this.images = new ImageStage(graphs, configuration)
    this.masks = new MaskStage(graphs, configuration)
    this.memories = new MemoryStage(graphs, configuration)
    this.onNotice = onNotice
  }

  /**
   * Takes a checkpoint as a model of this configuration. The graphs are made when they are first run; `warmUp` makes
   * them at once. The configuration's `imageSize` may be any multiple of `inputSizeStep`.
   * @throws MissingTensor, MisshapenTensor (here or at the first run) when the checkpoint is of another model;
   * UnsupportedInputSize.
   */
  static async load(
    checkpoint: Checkpoint,
    configuration: ModelConfiguration,
    options: LoadOptions = {},
  ): Promise<Sam2Model> {
    const { imageSize, dModel } = configuration
    const step = inputSizeStep(configuration)
    if (imageSize % step !== 0 || imageSize < step || imageSize > largestImageSize) {
      throw new UnsupportedInputSize(imageSize, step)
    }
    requireTensor(checkpoint, 'no_obj_ptr', [1, dModel])
    const constants = {
      noObjectPointer: await checkpoint.readTensor('no_obj_ptr'),
      maskDownsample: await readMaskDownsample(checkpoint),
    }
    const graphs = new ModelGraphs(checkpoint, configuration, {
      device: options.device ?? 'cpu',
      threads: options.threads ?? availableParallelism(),
      precision: await possiblePrecision(configuration, options),
      ...(options.openSession ? { openSession: options.openSession } : {}),
      ...(options.onRun ? { onRun: options.onRun } : {}),
    })
    return new Sam2Model(checkpoint, configuration, constants, graphs, options.onNotice)
  }

  /** Side of the model's picture in pixels. */
  get imageSize(): number {
    return this.configuration.imageSize
  }

  /** Side of the mask logits: a quarter of the picture's. */
  get maskSize(): number {
    return this.masks.maskSize
  }

  /** Where the model runs now. */
  get device(): Device {
    return this.graphs.device
  }

  /** Grows with each `recover`: features and memories from before are of no use, and whoever keeps some makes them anew. */
  get revision(): number {
    return this.timesRecovered
  }

  /**
   * Goes on after a device failed: at fp32 where parts ran at fp16 and the numbers were none, on the processor otherwise.
   */
  async recover(failure: InferenceFailed): Promise<void> {
    this.timesRecovered++
    if (failure.kind === 'wrong-numbers' && this.graphs.usesHalf) {
      this.onNotice?.(`${failure.message} The model goes on at fp32.`)
      return this.graphs.leaveHalf()
    }
    this.onNotice?.(`${failure.message} The model goes on on the processor.`)
    await this.graphs.moveToProcessor()
  }

  /** Makes every graph that tracking from points needs. */
  async warmUp(): Promise<void> {
    const graphs: GraphName[] = [
      'image-encoder',
      'mask-decoder-points',
      'memory-encoder',
      'frame-preparation',
      'memory-attention',
      'mask-decoder-none',
    ]
    for (const graph of graphs) await this.graphs.load(graph)
  }

  /** Encodes one picture: RGB bytes, [S, S, 3]. */
  encodeImage(rgb: Uint8Array): Promise<ImageFeatures> {
    const middle = { coordinates: Float32Array.of(this.imageSize / 2, this.imageSize / 2), labels: [1] }
    const answer = (image: ImageFeatures): Promise<MaskCandidates> =>
      this.decodePrompts(image, middle, { addNoMemory: true })
    return this.images.encode(rgb, answer, this.onNotice)
  }

  /** All that is said of a picture, to be taken up by `adoptImage`. Where the model runs on the CPU. */
  numbersOf(image: ImageFeatures): Promise<ImageNumbers> {
    return this.images.numbersOf(image)
  }

  /** Takes up what another model of the same checkpoint and size said of a picture. */
  adoptImage(numbers: ImageNumbers): ImageFeatures {
    return this.images.adopt(numbers)
  }

  /** Frees what an image's features hold on a device; they are of no use afterwards. */
  releaseImage(image: ImageFeatures): Promise<void> {
    return this.images.release(image)
  }

  /**
   * Masks for prompts. Without a `bank`, or the picture as `conditionImage` gave it, the picture is taken as it is, as the
   * first of its video.
   */
  async decodePrompts(
    image: ImageFeatures,
    prompts: DecoderPrompts,
    seen: SeenWith,
  ): Promise<MaskCandidates> {
    const { bank, addNoMemory } = seen
    if (!bank) return this.masks.ofPrompts(image, prompts, seen)
    const conditioned = await this.conditionImage(image, bank)
    try {
      return await this.masks.ofPrompts(image, prompts, { conditioned, addNoMemory })
    } finally {
      conditioned.dispose()
    }
  }

  /** Masks for a tracked frame as seen with the bank: no prompts, the three masks of the multimask output. */
  async decodeTracked(image: ImageFeatures, bank: ConditioningInputs): Promise<MaskCandidates> {
    const conditioned = await this.conditionImage(image, bank)
    try {
      return await this.decodeConditioned(image, conditioned)
    } finally {
      conditioned.dispose()
    }
  }

  /** The same of a picture as `conditionImage` gave it. */
  decodeConditioned(image: ImageFeatures, conditioned: RuntimeTensor): Promise<MaskCandidates> {
    return this.masks.ofTracked(image, conditioned)
  }

  /**
   * The picture's features with the bank in mind, [n, d]. They stay on the device; whoever lets them go disposes of them.
   */
  async conditionImage(image: ImageFeatures, bank: ConditioningInputs): Promise<RuntimeTensor> {
    const answer = (conditioned: RuntimeTensor): Promise<MaskCandidates> =>
      this.decodeConditioned(image, conditioned)
    return this.memories.condition(await this.images.prepare(image), bank, answer, this.onNotice)
  }

  /** The pointer for a mask that the user gave: binary, [S, S] (SAM2Base._use_mask_as_output). */
  async pointerOfMask(image: ImageFeatures, mask: Float32Array): Promise<Float32Array> {
    const candidates = await this.decodePrompts(
      image,
      {
        coordinates: new Float32Array(2),
        labels: [pointLabels.padding],
        maskPrompt: downsampleMask(mask, this.maskSize, this.maskDownsample),
      },
      { addNoMemory: false },
    )
    return candidates.objectScore > 0 ? candidates.pointers[0]! : this.noObjectPointer
  }

  /**
   * Memory of one object on one frame, [1, T, memoryDim], from its mask logits [S/4, S/4]. It stays on the device; whoever
   * lets it go disposes of it.
   */
  async encodeMemory(
    image: ImageFeatures,
    maskLogits: Float32Array,
    facts: { readonly fromPrompts: boolean; readonly absent: boolean },
  ): Promise<RuntimeTensor> {
    return this.memories.encode(await this.images.prepare(image), maskLogits, facts)
  }

  /** What the foreground of a mask [S/4, S/4] looks like, [d]: the mean of the picture's features in it; null for none. */
  describeForeground(image: ImageFeatures, maskLogits: Float32Array): Promise<Float32Array | null> {
    return this.images.describeForeground(image, maskLogits)
  }

  /** The same less the mean of the features in all of the picture: what tells it from what is around it. */
  contrastForeground(image: ImageFeatures, maskLogits: Float32Array): Promise<Float32Array | null> {
    return this.images.contrastForeground(image, maskLogits)
  }

  /** The numbers of a memory that `encodeMemory` gave, [T * memoryDim], brought from the device where it lies on one. */
  memoryNumbers(memory: RuntimeTensor): Promise<Float32Array> {
    return this.memories.numbersOf(memory)
  }

  /** A memory made of its numbers again, [1, T, memoryDim], in memory: every device takes it from there. */
  memoryOfNumbers(numbers: Float32Array): RuntimeTensor {
    return this.memories.ofNumbers(numbers)
  }

  /** Frees what the runtime holds. The model is of no use afterwards. */
  dispose(): Promise<void> {
    return this.graphs.dispose()
  }
}

/** What is wished for, or `auto` with a notice where the trunk cannot be had in 8 bits here. */
async function possiblePrecision(
  configuration: ModelConfiguration,
  { precision = 'fp32', device = 'cpu', openSession, onNotice }: LoadOptions,
): Promise<WantedPrecision> {
  if (precision !== 'int8') return precision
  if (device !== 'cpu')
    onNotice?.('Only the processor computes in 8 bits; on this device the model runs at fp16 or fp32.')
  else if (!hasInt8Trunk(configuration))
    onNotice?.('Only the built-in model can be computed in 8 bits; this one runs at its full width.')
  else if (await addsBytesExactly(openSession)) return precision
  else onNotice?.('This processor does not compute exactly in 8 bits, so the model runs at its full width.')
  return 'auto'
}
