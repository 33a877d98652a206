import { Tensor } from 'onnxruntime-node'

/** Numbers that a session takes or gives. Where they lie (memory or device) is the runtime's business. */
export type RuntimeTensor = Tensor

export function floatTensor(data: Float32Array, shape: readonly number[]): RuntimeTensor {
  return new Tensor('float32', data, shape)
}

export function byteTensor(data: Uint8Array, shape: readonly number[]): RuntimeTensor {
  return new Tensor('uint8', data, shape)
}

export function integerTensor(
  values: readonly number[],
  shape: readonly number[] = [values.length],
): RuntimeTensor {
  return new Tensor('int64', BigInt64Array.from(values, BigInt), shape)
}

/** The numbers of a float tensor; downloads them when they lie on a device. */
export async function floatsOf(tensor: RuntimeTensor): Promise<Float32Array> {
  const data = tensor.location === 'cpu' ? tensor.data : await tensor.getData()
  if (!(data instanceof Float32Array)) throw new TypeError(`expected float32 numbers, got ${tensor.type}`)
  return data
}
