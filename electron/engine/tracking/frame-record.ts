import type { RuntimeTensor } from '../../../models/runtime/tensor.ts'

/** What the model found of one object on one frame. */
export interface FrameRecord {
  /** [S/4, S/4]; all -1024 where the object is absent. */
  readonly maskLogits: Float32Array
  /** Object pointer, [d]. */
  readonly pointer: Float32Array
  /** Logit; above 0 the object is present. */
  readonly objectScore: number
  /** 0 to 1; 1 for masks that the user gave. */
  readonly predictedIou: number
  /**
   * Spatial memory, [1, T, memoryDim], on the device; null until the frame is settled (prompts) or where it is not
   * wanted. The bank that holds the record disposes of it.
   */
  readonly memory: RuntimeTensor | null
}
