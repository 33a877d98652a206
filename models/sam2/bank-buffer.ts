import { floatsOf, floatTensor, type RuntimeTensor } from '../runtime/tensor.ts'

/**
 * Room for a bank's memories side by side. It is kept from frame to frame: a new array for each frame of each object makes
 * garbage collection a noticeable part of tracking.
 */
export class BankBuffer {
  private spare: Float32Array<ArrayBuffer> | null = null

  /** [1, T, memoryDim] each, in main memory -> [M, T, memoryDim]; to be given back when the model has run on it. */
  join(memories: readonly RuntimeTensor[], tokens: number, memoryDim: number): RuntimeTensor {
    const length = memories.length * tokens * memoryDim
    const whole = this.spare?.length === length ? this.spare : new Float32Array(length)
    this.spare = null
    memories.forEach((memory, index) => whole.set(floatsOf(memory), index * tokens * memoryDim))
    return floatTensor(whole, [memories.length, tokens, memoryDim])
  }

  giveBack(joined: RuntimeTensor): void {
    this.spare = floatsOf(joined) as Float32Array<ArrayBuffer>
  }
}
