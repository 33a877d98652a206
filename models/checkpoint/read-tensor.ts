import { open } from 'node:fs/promises'
import { UnreadableCheckpoint } from './checkpoint-errors.ts'
import { elementBytes, type CheckpointTensor } from './checkpoint-tensor.ts'
import { readBytes } from './read-bytes.ts'

/**
 * Reads a tensor's numbers, row-major, as float32.
 * @throws UnreadableCheckpoint when the file has become shorter than it was when it was opened.
 */
export async function readTensorAsFloat32(tensor: CheckpointTensor): Promise<Float32Array<ArrayBuffer>> {
  const handle = await open(tensor.file)
  try {
    const bytes = await readBytes(handle, tensor.offsetBytes, tensor.lengthBytes)
    if (!bytes) throw new UnreadableCheckpoint(tensor.file, `its tensor ${tensor.name} is cut short`)
    return toFloat32(tensor, bytes)
  } finally {
    await handle.close()
  }
}

function toFloat32(tensor: CheckpointTensor, bytes: Uint8Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  const { buffer } = bytes
  switch (tensor.type) {
    case 'float32':
      return new Float32Array(buffer)
    case 'float64':
      return Float32Array.from(new Float64Array(buffer))
    case 'int64':
      return Float32Array.from(new BigInt64Array(buffer), Number)
    case 'int32':
      return Float32Array.from(new Int32Array(buffer))
    case 'int16':
      return Float32Array.from(new Int16Array(buffer))
    case 'int8':
      return Float32Array.from(new Int8Array(buffer))
    case 'uint8':
    case 'bool':
      return Float32Array.from(bytes)
    case 'bfloat16':
      return fromBits(tensor, buffer, (half) => half << 16)
    case 'float16':
      return fromBits(tensor, buffer, float16ToFloat32Bits)
  }
}

function fromBits(
  tensor: CheckpointTensor,
  buffer: ArrayBuffer,
  widen: (half: number) => number,
): Float32Array<ArrayBuffer> {
  const halves = new Uint16Array(buffer)
  const bits = new Int32Array(tensor.lengthBytes / elementBytes[tensor.type])
  for (let index = 0; index < halves.length; index += 1) bits[index] = widen(halves[index]!)
  return new Float32Array(bits.buffer)
}

/** IEEE 754 half to the bits of the float32 of the same value. */
export function float16ToFloat32Bits(half: number): number {
  const sign = (half & 0x8000) << 16
  const exponent = (half >> 10) & 0x1f
  const fraction = half & 0x3ff
  if (exponent === 0x1f) return sign | 0x7f800000 | (fraction << 13)
  if (exponent !== 0) return sign | ((exponent + 112) << 23) | (fraction << 13)
  if (fraction === 0) return sign
  // Subnormal: shift the fraction up to its leading one.
  const shift = Math.clz32(fraction) - 21
  return sign | ((113 - shift) << 23) | ((fraction << (13 + shift)) & 0x7fffff)
}
