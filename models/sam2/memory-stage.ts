import { floatTensor, floatsOf, integerTensor, type RuntimeTensor } from '../runtime/tensor.ts'
import { BankBuffer } from './bank-buffer.ts'
import { memoryTokensOf, type ModelConfiguration } from './configuration.ts'
import type { PreparedFrame } from './image-features.ts'
import type { MaskCandidates } from './mask-choice.ts'
import { joinInput } from './memory-join.ts'
import type { ModelGraphs, Precision } from './model-graphs.ts'
import { runAtCheckedPrecision } from './precision-check.ts'

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

/** Memories: made by the memory encoder, joined to a bank, and attended to. */
export class MemoryStage {
  private readonly graphs: ModelGraphs
  private readonly configuration: ModelConfiguration
  private readonly bankBuffer = new BankBuffer()

  constructor(graphs: ModelGraphs, configuration: ModelConfiguration) {
    this.graphs = graphs
    this.configuration = configuration
  }

  /**
   * Memory attention: the picture's features as seen with the bank in mind, [n, d].
   * @param answer masks from such features, by which fp16 is held against fp32
   */
  async condition(
    prepared: PreparedFrame,
    bank: ConditioningInputs,
    answer: (conditioned: RuntimeTensor) => Promise<MaskCandidates>,
    onNotice: ((sentence: string) => void) | undefined,
  ): Promise<RuntimeTensor> {
    const { dModel } = this.configuration
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
      const release = (conditioned: RuntimeTensor): void => {
        conditioned.dispose()
      }
      return await runAtCheckedPrecision(this.graphs, graph, conditionAt, { answer, release, onNotice })
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
  async encode(
    prepared: PreparedFrame,
    maskLogits: Float32Array,
    facts: { readonly fromPrompts: boolean; readonly absent: boolean },
  ): Promise<RuntimeTensor> {
    const side = this.configuration.imageSize / 4
    const { memory } = await this.graphs.run('memory-encoder', {
      mask_logits: floatTensor(maskLogits, [1, 1, side, side]),
      memory_pixels: prepared.memory_pixels,
      binarize: floatTensor(Float32Array.of(facts.fromPrompts ? 1 : 0), [1]),
      ...(this.configuration.version === '2.0'
        ? {}
        : { absent: floatTensor(Float32Array.of(facts.absent ? 1 : 0), [1]) }),
    })
    return memory!
  }

  /** The numbers of a memory that `encode` gave, [T * memoryDim], brought from the device where it lies on one. */
  async numbersOf(memory: RuntimeTensor): Promise<Float32Array> {
    if (!memory.isOnDevice) return floatsOf(memory)
    return floatsOf((await this.graphs.run('memory-join-1', { [joinInput(0)]: memory }))['memory']!)
  }

  /** A memory made of its numbers again, [1, T, memoryDim], in memory: every device takes it from there. */
  ofNumbers(numbers: Float32Array): RuntimeTensor {
    return floatTensor(numbers, [1, memoryTokensOf(this.configuration), this.configuration.memoryDim])
  }
}

function joined(parts: readonly Float32Array[], length: number): Float32Array {
  const whole = new Float32Array(parts.length * length)
  parts.forEach((part, index) => whole.set(part, index * length))
  return whole
}
