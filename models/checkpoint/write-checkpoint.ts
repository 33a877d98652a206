import { open, rename, rm } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import { elementCount } from './checkpoint-tensor.ts'
import { PickleWriter } from './pickle-writer.ts'
import { StoredZipWriter } from './zip-writer.ts'

/** A tensor to be written; `numbers` is asked for only when its turn comes. */
export interface TensorSource {
  readonly name: string
  readonly shape: readonly number[]
  /** Row-major, as many as the shape says. */
  numbers(): Float32Array
}

/**
 * Writes float32 tensors as `torch.save({"model": OrderedDict(...)}, path)` would: a zip of stored, aligned entries
 * with a pickle of protocol 2. Holds one tensor at a time. The file gets its name when it is complete.
 * @returns bytes written
 */
export async function writeCheckpoint(path: string, tensors: readonly TensorSource[]): Promise<number> {
  const partial = `${path}.partial`
  const handle = await open(partial, 'w')
  try {
    let bytesWritten = 0
    try {
      const zip = new StoredZipWriter(async (bytes) => {
        await handle.writeFile(bytes)
        bytesWritten += bytes.length
      })
      await addParts(zip, basename(path, extname(path)), tensors)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(partial, path)
    return bytesWritten
  } catch (error) {
    await rm(partial, { force: true })
    throw error
  }
}

async function addParts(
  zip: StoredZipWriter,
  folder: string,
  tensors: readonly TensorSource[],
): Promise<void> {
  await zip.add(`${folder}/data.pkl`, tablePickle(tensors))
  await zip.add(`${folder}/byteorder`, Buffer.from('little'))
  for (const [key, tensor] of tensors.entries()) {
    const numbers = tensor.numbers()
    if (numbers.length !== elementCount(tensor.shape)) {
      throw new RangeError(
        `${tensor.name} has ${numbers.length} numbers, its shape ${elementCount(tensor.shape)}`,
      )
    }
    await zip.add(
      `${folder}/data/${key}`,
      new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength),
    )
  }
  await zip.add(`${folder}/version`, Buffer.from('3\n'))
  await zip.finish()
}

/** `{"model": OrderedDict([(name, tensor), ...])}`, where tensor n is the whole of storage n. */
function tablePickle(tensors: readonly TensorSource[]): Uint8Array {
  const pickle = new PickleWriter()
  pickle.emptyDict().text('model').global('collections', 'OrderedDict').emptyTuple().reduce().mark()
  for (const [key, tensor] of tensors.entries()) {
    pickle.text(tensor.name).global('torch._utils', '_rebuild_tensor_v2').mark()
    pickle.mark().text('storage').global('torch', 'FloatStorage')
    pickle.text(String(key)).text('cpu').count(elementCount(tensor.shape)).tuple().persistentId()
    pickle.count(0)
    writeCounts(pickle, tensor.shape)
    writeCounts(pickle, rowMajorStrides(tensor.shape))
    // Not a parameter that wants gradients, and no hooks.
    pickle.false().global('collections', 'OrderedDict').emptyTuple().reduce()
    pickle.tuple().reduce()
  }
  return pickle.setItems().setItem().finish()
}

function writeCounts(pickle: PickleWriter, counts: readonly number[]): void {
  pickle.mark()
  for (const count of counts) pickle.count(count)
  pickle.tuple()
}

function rowMajorStrides(shape: readonly number[]): number[] {
  return shape.map((_, axis) => elementCount(shape.slice(axis + 1)))
}
