import { Tensor } from './onnx-runtime.ts'

/** Tensors on devices: how many are not disposed of, and how many were let go of without it since the process began. */
export interface DeviceTensorCounts {
  readonly held: number
  readonly forgotten: number
}

const counts = { held: 0, forgotten: 0 }

/** For checks that nothing stays behind on a device. */
export function deviceTensorCounts(): DeviceTensorCounts {
  return { ...counts }
}

/**
 * Numbers that a session takes or gives, in memory or on a device. What lies on a device stays there until it is
 * disposed of: the runtime's own garbage collection never frees it.
 */
export class RuntimeTensor {
  readonly native: Tensor

  constructor(native: Tensor) {
    this.native = native
    if (!this.isOnDevice) return
    counts.held++
    forgotten.register(this, native, this)
  }

  get isOnDevice(): boolean {
    return this.native.location !== 'cpu'
  }

  /** Frees what lies on a device; numbers in memory are left to garbage collection. A second call does nothing. */
  dispose(): void {
    if (!forgotten.unregister(this)) return
    counts.held--
    this.native.dispose()
  }
}

/** Frees tensors that were let go without being disposed of, some time later. */
const forgotten = new FinalizationRegistry<Tensor>((native) => {
  counts.held--
  counts.forgotten++
  native.dispose()
})

export function floatTensor(data: Float32Array, shape: readonly number[]): RuntimeTensor {
  return new RuntimeTensor(new Tensor('float32', data, shape))
}

export function byteTensor(data: Uint8Array, shape: readonly number[]): RuntimeTensor {
  return new RuntimeTensor(new Tensor('uint8', data, shape))
}

export function integerTensor(
  values: readonly number[],
  shape: readonly number[] = [values.length],
): RuntimeTensor {
  return new RuntimeTensor(new Tensor('int64', BigInt64Array.from(values, BigInt), shape))
}

/**
 * The numbers of a float tensor in memory. One on a device cannot be fetched (the runtime ends the process when asked
 * to): whoever reads an output asks for it in memory.
 */
export function floatsOf({ native, isOnDevice }: RuntimeTensor): Float32Array {
  if (isOnDevice) throw new TypeError('the numbers lie on a device and cannot be read')
  if (!(native.data instanceof Float32Array)) throw new TypeError(`expected float32, got ${native.type}`)
  return native.data
}

/** Repeatable numbers for measuring: floats from -1 to 1, bytes of all values, integers 0. */
export function noiseTensor(type: string, shape: readonly number[]): RuntimeTensor {
  const length = shape.reduce((product, size) => product * size, 1)
  let seed = 1
  const next = (): number => (seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0)
  switch (type) {
    case 'float32':
      return floatTensor(
        Float32Array.from({ length }, () => next() / 2 ** 31 - 1),
        shape,
      )
    case 'uint8':
      return byteTensor(
        Uint8Array.from({ length }, () => next() >>> 24),
        shape,
      )
    case 'int64':
      return integerTensor(
        Array.from({ length }, () => 0),
        shape,
      )
    default:
      throw new TypeError(`There is no noise of type ${type}.`)
  }
}
