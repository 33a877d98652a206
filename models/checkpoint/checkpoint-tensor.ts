/** The number formats that a checkpoint's tensor may have. */
export type TensorType =
  'float64' | 'float32' | 'float16' | 'bfloat16' | 'int64' | 'int32' | 'int16' | 'int8' | 'uint8' | 'bool'

/** Bytes of one element. */
export const elementBytes: Readonly<Record<TensorType, number>> = {
  float64: 8,
  float32: 4,
  float16: 2,
  bfloat16: 2,
  int64: 8,
  int32: 4,
  int16: 2,
  int8: 1,
  uint8: 1,
  bool: 1,
}

/** Where a tensor lies: `lengthBytes` bytes of `file` from `offsetBytes`, row-major, little-endian. */
export interface CheckpointTensor {
  readonly name: string
  readonly type: TensorType
  readonly shape: readonly number[]
  /** Absolute path. */
  readonly file: string
  readonly offsetBytes: number
  readonly lengthBytes: number
}

/** Number of elements of a tensor of this shape; 1 for a scalar. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((count, size) => count * size, 1)
}
