import { availableParallelism } from 'node:os'
import type { Checkpoint } from '../checkpoint/checkpoint.ts'
import { requireTensor } from '../checkpoint/require-tensor.ts'
import { ModelError } from '../errors.ts'
import { InferenceFailed, type Device } from '../runtime/session.ts'
import { byteTensor, floatTensor, floatsOf, integerTensor, type RuntimeTensor } from '../runtime/tensor.ts'
import { BankBuffer } from './bank-buffer.ts'
import { inputSizeStep, memoryTokensOf, type ModelConfiguration } from './configuration.ts'
import { foregroundWeights } from './foreground-pooling.ts'
import type { MaskCandidates } from './mask-choice.ts'
import {
  imageOfNumbers,
  numbersOfImage,
  type ImageFeatures,
  type ImageNumbers,
  type PreparedFrame,
} from './image-features.ts'
import { downsampleMask, readMaskDownsample, type MaskDownsample } from './mask-downsample.ts'
import { joinInput } from './memory-join.ts'
import type { GraphName } from './graphs.ts'
import { ModelGraphs, type ModelGraphsOptions, type Precision, type WantedPrecision } from './model-graphs.ts'
import { runAtCheckedPrecision, type MaskOfOutput, type RunAt } from './precision-check.ts'
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

/** Points in model pixels, boxes as two corners first (see pointLabels), and earlier logits to refine. */
export interface DecoderPrompts {
  readonly coordinates: Float32Array
  readonly labels: readonly number[]
  /** [1, 1, S/4, S/4] */
  readonly maskPrompt?: Float32Array
}

/** The memories and pointers that one frame is conditioned on, chosen by the memory bank. */
export interface ConditioningInputs {
  /** One per spatial memory, [1, T, memoryDim] each. */
  readonly memories: readonly RuntimeTensor[]
  /** Row of maskmem_tpos_enc for each memory. */
  readonly memoryTimes: readonly number[]
  /** One per object pointer, [d] each. */
  readonly pointers: readonly Float32Array[]
  /** Frames from the pointer's frame to this one, over the longest distance. */
  readonly pointerDistances: readonly number[]
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
  private readonly bankBuffer = new BankBuffer()
  private readonly onNotice: LoadOptions['onNotice']
  private readonly prepared = new WeakMap<ImageFeatures, Promise<PreparedFrame>>()

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
      precision: options.precision ?? 'fp32',
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
    return this.configuration.imageSize / 4
  }

  /** Where the model runs now. */
  get device(): Device {
    return this.graphs.device
  }

  /**
   * Goes on on the processor after a device failed. Features and memories that lay on the device are lost: whoever keeps
   * some makes them anew.
   */
  async moveToProcessor(failure: InferenceFailed): Promise<void> {
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
  async encodeImage(rgb: Uint8Array): Promise<ImageFeatures> {
    const { imageSize } = this
    const picture = byteTensor(rgb, [imageSize, imageSize, 3])
    const encodeAt = async (precision?: Precision): Promise<ImageFeatures> => {
      const { stride4, stride8, stride16 } = await this.graphs.run('image-encoder', { picture }, precision)
      return { stride4: stride4!, stride8: stride8!, stride16: stride16! }
    }
    const middle = { coordinates: Float32Array.of(imageSize / 2, imageSize / 2), labels: [1] }
    return this.checkedPrecision('image-encoder', encodeAt, {
      answer: (image) => this.decodePrompts(image, middle, { addNoMemory: true }),
      release: (image) => this.releaseImage(image),
    })
  }

  /** All that is said of a picture, to be taken up by `adoptImage`. Where the model runs on the CPU. */
  async numbersOf(image: ImageFeatures): Promise<ImageNumbers> {
    return numbersOfImage(image, await this.prepare(image))
  }

  /** Takes up what another model of the same checkpoint and size said of a picture. */
  adoptImage(numbers: ImageNumbers): ImageFeatures {
    const { image, prepared } = imageOfNumbers(numbers, this.configuration.dModel)
    this.prepared.set(image, Promise.resolve(prepared))
    return image
  }

  /** Frees what an image's features hold on a device; they are of no use afterwards. */
  async releaseImage(image: ImageFeatures): Promise<void> {
    const prepared = await this.prepared.get(image)?.catch(() => undefined)
    this.prepared.delete(image)
    for (const tensor of [image.stride4, image.stride8, image.stride16]) tensor.dispose()
    prepared?.attended.dispose()
    prepared?.memory_pixels.dispose()
  }

  /** Masks for prompts. Without a `bank` the picture is taken as it is, as the first of its video. */
  async decodePrompts(
    image: ImageFeatures,
    prompts: DecoderPrompts,
    seenWith: { readonly bank?: ConditioningInputs; readonly addNoMemory: boolean },
  ): Promise<MaskCandidates> {
    const { coordinates, labels, maskPrompt } = prompts
    const count = labels.length + 1
    // The prompt encoder always appends one padding point (prompt_encoder.py, `pad`).
    const padded = new Float32Array(count * 2)
    padded.set(coordinates)
    const conditioned = seenWith.bank ? await this.condition(image, seenWith.bank) : undefined
    const inputs: Record<string, RuntimeTensor> = {
      embedding: conditioned ?? image.stride16,
      stride8: image.stride8,
      stride4: image.stride4,
      coordinates: floatTensor(padded, [count, 2]),
      labels: integerTensor([...labels, pointLabels.padding]),
      no_memory: floatTensor(Float32Array.of(seenWith.addNoMemory ? 1 : 0), [1]),
    }
    if (maskPrompt) inputs['mask_prompt'] = floatTensor(maskPrompt, [1, 1, this.maskSize, this.maskSize])
    const graph = maskPrompt ? 'mask-decoder-points-and-mask' : 'mask-decoder-points'
    try {
      return this.candidates(await this.graphs.run(graph, inputs), 0)
    } finally {
      conditioned?.dispose()
    }
  }

  /** Masks for a tracked frame as seen with the bank: no prompts, the three masks of the multimask output. */
  async decodeTracked(image: ImageFeatures, bank: ConditioningInputs): Promise<MaskCandidates> {
    const conditioned = await this.condition(image, bank)
    try {
      return await this.decodeConditioned(image, conditioned)
    } finally {
      conditioned.dispose()
    }
  }

  private async decodeConditioned(image: ImageFeatures, conditioned: RuntimeTensor): Promise<MaskCandidates> {
    const inputs = { embedding: conditioned, stride8: image.stride8, stride4: image.stride4 }
    return this.candidates(await this.graphs.run('mask-decoder-none', inputs), 1)
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

  /** Memory attention: the picture's features as seen with the bank in mind, [n, d]. */
  private async condition(image: ImageFeatures, bank: ConditioningInputs): Promise<RuntimeTensor> {
    const { dModel } = this.configuration
    const prepared = await this.prepare(image)
    const memory = await this.joinedMemories(bank.memories)
    const inputs: Record<string, RuntimeTensor> = {
      attended: prepared.attended,
      memory,
      memory_times: integerTensor(bank.memoryTimes),
    }
    const count = bank.pointers.length
    if (count > 0) {
      inputs['pointers'] = floatTensor(joined(bank.pointers, dModel), [count, dModel])
      inputs['pointer_distances'] = floatTensor(Float32Array.from(bank.pointerDistances), [count])
    }
    const graph = count > 0 ? 'memory-attention' : 'memory-attention-without-pointers'
    const conditionAt = async (precision?: Precision): Promise<RuntimeTensor> =>
      (await this.graphs.run(graph, inputs, precision))['conditioned']!
    try {
      return await this.checkedPrecision(graph, conditionAt, {
        answer: (conditioned) => this.decodeConditioned(image, conditioned),
        release: (conditioned) => {
          conditioned.dispose()
        },
      })
    } finally {
      const isJoined = bank.memories.length > 1
      if (isJoined && memory.isOnDevice) memory.dispose()
      else if (isJoined) this.bankBuffer.giveBack(memory)
    }
  }

  /** [1, T, memoryDim] each -> [M, T, memoryDim], where they lie. One alone stays as it is. */
  private async joinedMemories(memories: readonly RuntimeTensor[]): Promise<RuntimeTensor> {
    if (memories.length === 1) return memories[0]!
    if (memories.some(({ isOnDevice }) => isOnDevice)) {
      const inputs = Object.fromEntries(memories.map((memory, index) => [joinInput(index), memory]))
      return (await this.graphs.run(`memory-join-${memories.length}`, inputs))['memory']!
    }
    return this.bankBuffer.join(memories, memoryTokensOf(this.configuration), this.configuration.memoryDim)
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
    const prepared = await this.prepare(image)
    const { memory } = await this.graphs.run('memory-encoder', {
      mask_logits: floatTensor(maskLogits, [1, 1, this.maskSize, this.maskSize]),
      memory_pixels: prepared.memory_pixels,
      binarize: floatTensor(Float32Array.of(facts.fromPrompts ? 1 : 0), [1]),
      ...(this.configuration.version === '2.0'
        ? {}
        : { absent: floatTensor(Float32Array.of(facts.absent ? 1 : 0), [1]) }),
    })
    return memory!
  }

  /** What the foreground of a mask [S/4, S/4] looks like, [d]: the mean of the picture's features in it; null for none. */
  async describeForeground(image: ImageFeatures, maskLogits: Float32Array): Promise<Float32Array | null> {
    const weights = foregroundWeights(maskLogits, this.imageSize)
    if (weights === null) return null
    const { descriptor } = await this.graphs.run('foreground-pooling', {
      weights: floatTensor(weights, [1, weights.length]),
      stride16: image.stride16,
    })
    return floatsOf(descriptor!)
  }

  /** The numbers of a memory that `encodeMemory` gave, [T * memoryDim], brought from the device where it lies on one. */
  async memoryNumbers(memory: RuntimeTensor): Promise<Float32Array> {
    if (!memory.isOnDevice) return floatsOf(memory)
    return floatsOf((await this.graphs.run('memory-join-1', { [joinInput(0)]: memory }))['memory']!)
  }

  /** A memory made of its numbers again, [1, T, memoryDim], in memory: every device takes it from there. */
  memoryOfNumbers(numbers: Float32Array): RuntimeTensor {
    return floatTensor(numbers, [1, memoryTokensOf(this.configuration), this.configuration.memoryDim])
  }

  /** Frees what the runtime holds. The model is of no use afterwards. */
  dispose(): Promise<void> {
    return this.graphs.dispose()
  }

  private checkedPrecision<Output>(
    graph: GraphName,
    runAt: RunAt<Output>,
    mask: MaskOfOutput<Output>,
  ): Promise<Output> {
    return runAtCheckedPrecision(this.graphs, graph, runAt, { ...mask, onNotice: this.onNotice })
  }

  private prepare(image: ImageFeatures): Promise<PreparedFrame> {
    const known = this.prepared.get(image)
    if (known) return known
    const made = this.graphs.run('frame-preparation', { stride16: image.stride16 }).then((outputs) => ({
      attended: outputs['attended']!,
      memory_pixels: outputs['memory_pixels']!,
    }))
    this.prepared.set(image, made)
    return made
  }

  private candidates(outputs: Readonly<Record<string, RuntimeTensor>>, firstToken: 0 | 1): MaskCandidates {
    const logits = floatsOf(outputs['mask_logits']!)
    const pointers = floatsOf(outputs['pointers']!)
    const ious = floatsOf(outputs['ious']!)
    const objectScore = floatsOf(outputs['object_score']!)[0]!
    if (![...ious, objectScore].every(Number.isFinite))
      throw new InferenceFailed('mask-decoder', { cause: new Error('not finite') }, 'wrong-numbers')
    return {
      firstToken,
      maskLogits: split(logits, this.maskSize ** 2),
      pointers: split(pointers, this.configuration.dModel),
      ious,
      objectScore,
    }
  }
}

function joined(parts: readonly Float32Array[], length: number): Float32Array {
  const whole = new Float32Array(parts.length * length)
  parts.forEach((part, index) => whole.set(part, index * length))
  return whole
}

function split(whole: Float32Array, length: number): Float32Array[] {
  return Array.from({ length: whole.length / length }, (_, index) =>
    whole.slice(index * length, (index + 1) * length),
  )
}
