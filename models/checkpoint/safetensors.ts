import type { FileHandle } from 'node:fs/promises'
import { z } from 'zod'
import { UnreadableCheckpoint } from './checkpoint-errors.ts'
import { elementBytes, elementCount, type CheckpointTensor, type TensorType } from './checkpoint-tensor.ts'
import { readBytes } from './read-bytes.ts'

/** The limit that the format's own library sets. */
const maxHeaderBytes = 100_000_000

const types: Readonly<Record<string, TensorType>> = {
  F64: 'float64',
  F32: 'float32',
  F16: 'float16',
  BF16: 'bfloat16',
  I64: 'int64',
  I32: 'int32',
  I16: 'int16',
  I8: 'int8',
  U8: 'uint8',
  BOOL: 'bool',
}

const count = z.int().nonnegative()
const headerSchema = z.object({
  dtype: z.string(),
  shape: z.array(count).max(16),
  data_offsets: z.tuple([count, count]),
})

/**
 * Reads the names, shapes and places of all tensors of a `.safetensors` file.
 * @throws UnreadableCheckpoint when the header or a tensor's place makes no sense, naming the tensor.
 */
export async function readSafetensors(
  path: string,
  handle: FileHandle,
  sizeBytes: number,
): Promise<Map<string, CheckpointTensor>> {
  const prefix = await readBytes(handle, 0, 8)
  if (!prefix) throw new UnreadableCheckpoint(path, 'it is cut short')
  const headerBytes = Number(new DataView(prefix.buffer).getBigUint64(0, true))
  if (headerBytes > maxHeaderBytes || 8 + headerBytes > sizeBytes) {
    throw new UnreadableCheckpoint(path, 'its header is longer than the file')
  }
  const header = await readBytes(handle, 8, headerBytes)
  if (!header) throw new UnreadableCheckpoint(path, 'it is cut short')

  const dataStart = 8 + headerBytes
  const tensors = new Map<string, CheckpointTensor>()
  for (const [name, value] of Object.entries(parseHeader(path, header))) {
    if (name === '__metadata__') continue
    const parsed = headerSchema.safeParse(value)
    if (!parsed.success) throw new UnreadableCheckpoint(path, `its tensor ${name} is described wrongly`)
    const { dtype, shape, data_offsets: place } = parsed.data
    const type = Object.hasOwn(types, dtype) ? types[dtype] : undefined
    if (!type)
      throw new UnreadableCheckpoint(path, `its tensor ${name} has the unknown number format ${dtype}`)
    const lengthBytes = place[1] - place[0]
    if (lengthBytes !== elementCount(shape) * elementBytes[type]) {
      throw new UnreadableCheckpoint(path, `its tensor ${name} does not have the length that its shape says`)
    }
    if (dataStart + place[1] > sizeBytes) {
      throw new UnreadableCheckpoint(
        path,
        `it is cut short: its tensor ${name} lies beyond the end of the file`,
      )
    }
    tensors.set(name, { name, type, shape, file: path, offsetBytes: dataStart + place[0], lengthBytes })
  }
  if (tensors.size === 0) throw new UnreadableCheckpoint(path, 'it holds no tensors')
  return tensors
}

function parseHeader(path: string, header: Uint8Array): object {
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(header))
  } catch (error) {
    throw new UnreadableCheckpoint(path, 'its header is not JSON', { cause: error })
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new UnreadableCheckpoint(path, 'its header is not a list of tensors')
  }
  return json
}
