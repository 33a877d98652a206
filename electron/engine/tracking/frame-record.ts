import type { PixelBox } from '../masks/run-length-measures.ts'
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
  /** The part of the frame that the model saw, in source pixels; null for all of it. */
  readonly view: PixelBox | null
  /** Whether what was found there is taken for the object. */
  readonly isFound: boolean
  /** Whether it shows the object as well as usual, so that it may be known again by it. */
  readonly isExample: boolean
  /** Whether something beside the object was in the model's mask and was taken out. */
  readonly hasRival: boolean
  /** Whether a look-alike was in sight and was not taken for it: a memory that tells the two apart. */
  readonly tellsApart: boolean
  /** What it looks like there (`contrastForeground`), [d]; null where that was not asked. */
  readonly appearance: Float32Array | null
  /** The object's usual predicted IoU up to here; null where none was tracked yet. */
  readonly usualIou: number | null
}

/** What a record says of a frame that was prompted or given: the whole frame was looked at, and it shows the object. */
export const GIVEN_FRAME = {
  view: null,
  isFound: true,
  isExample: true,
  hasRival: false,
  tellsApart: false,
  appearance: null,
  usualIou: null,
} as const

/** What a record says of a frame on which the object was not seen. */
export const UNSEEN_FRAME = {
  memory: null,
  isFound: false,
  isExample: false,
  hasRival: false,
  tellsApart: false,
  appearance: null,
} as const
