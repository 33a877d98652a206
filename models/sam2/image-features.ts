import { floatsOf, floatTensor, type RuntimeTensor } from '../runtime/tensor.ts'

/**
 * What the image encoder says of one picture; shared by all objects. Rows of channels. On a device it takes its memory
 * until `Sam2Model.releaseImage`.
 */
export interface ImageFeatures {
  /** [(S/4)^2, d/8] */
  readonly stride4: RuntimeTensor
  /** [(S/8)^2, d/4] */
  readonly stride8: RuntimeTensor
  /** [(S/16)^2, d] */
  readonly stride16: RuntimeTensor
}

/** What tracking needs of a picture besides; see buildFramePreparation. */
export interface PreparedFrame {
  readonly attended: RuntimeTensor
  readonly memory_pixels: RuntimeTensor
}

/** All that the model says of a picture, as numbers in memory that can go to another thread. */
export interface ImageNumbers {
  readonly stride4: Float32Array
  readonly stride8: Float32Array
  readonly stride16: Float32Array
  readonly attended: Float32Array
  readonly memoryPixels: Float32Array
}

/** @throws TypeError when they lie on a device */
export function numbersOfImage(image: ImageFeatures, prepared: PreparedFrame): ImageNumbers {
  return {
    stride4: floatsOf(image.stride4),
    stride8: floatsOf(image.stride8),
    stride16: floatsOf(image.stride16),
    attended: floatsOf(prepared.attended),
    memoryPixels: floatsOf(prepared.memory_pixels),
  }
}

/** What `numbersOfImage` read. */
export function imageOfNumbers(
  numbers: ImageNumbers,
  dModel: number,
): { image: ImageFeatures; prepared: PreparedFrame } {
  const rows = (values: Float32Array, channels: number): RuntimeTensor =>
    floatTensor(values, [values.length / channels, channels])
  return {
    image: {
      stride4: rows(numbers.stride4, dModel / 8),
      stride8: rows(numbers.stride8, dModel / 4),
      stride16: rows(numbers.stride16, dModel),
    },
    prepared: {
      attended: rows(numbers.attended, dModel),
      memory_pixels: rows(numbers.memoryPixels, dModel),
    },
  }
}
