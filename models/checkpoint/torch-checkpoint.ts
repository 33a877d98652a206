import type { FileHandle } from 'node:fs/promises'
import { RefusedPickle, UnreadableCheckpoint } from './checkpoint-errors.ts'
import { elementBytes, elementCount, type CheckpointTensor } from './checkpoint-tensor.ts'
import { DamagedPickle, ForbiddenPickle } from './pickle-values.ts'
import { readBytes } from './read-bytes.ts'
import { readTorchPickle, type StoredTensor } from './torch-pickle.ts'
import { readStoredEntries, type StoredEntries } from './zip-entries.ts'

/** The longest list of tensors that is read; that of the large model with its optimizer's state is below 1 MB. */
const maxPickleBytes = 16 * 2 ** 20

/** Where a row-major tensor's strides differ, its bytes are in another order than its shape says. */
function isContiguous(shape: readonly number[], strides: readonly number[]): boolean {
  if (shape.includes(0)) return true
  let expected = 1
  for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
    const size = shape[axis]!
    if (size !== 1 && strides[axis] !== expected) return false
    expected *= size
  }
  return true
}

/**
 * Reads the names, shapes and places of all tensors of a `torch.save` file (version 1.6 and later: a stored zip).
 * The tensors are those of the top-level key `model`, of `state_dict`, or of the top level itself.
 * @throws UnreadableCheckpoint when the file is damaged or cut, RefusedPickle when it holds more than tensors.
 */
export async function readTorchCheckpoint(
  path: string,
  handle: FileHandle,
  sizeBytes: number,
): Promise<Map<string, CheckpointTensor>> {
  const entries = await readStoredEntries(path, handle, sizeBytes)
  const folder = archiveFolder(path, entries)
  await checkByteOrder(path, handle, entries, folder)

  const pickle = await entries.locate(`${folder}/data.pkl`)
  if (pickle === undefined || pickle.lengthBytes > maxPickleBytes) {
    throw new UnreadableCheckpoint(path, 'its list of tensors (data.pkl) is too long')
  }
  const stored = listTensors(path, await readPlace(path, handle, pickle))

  const tensors = new Map<string, CheckpointTensor>()
  const located = new Map<string, { offsetBytes: number; lengthBytes: number }>()
  for (const [name, tensor] of stored) {
    const { storage } = tensor
    const place = located.get(storage.key) ?? (await entries.locate(`${folder}/data/${storage.key}`))
    if (!place) throw new UnreadableCheckpoint(path, `the numbers of the tensor ${name} are not in it`)
    located.set(storage.key, place)
    tensors.set(name, placeTensor(path, name, tensor, place))
  }
  return tensors
}

function placeTensor(
  path: string,
  name: string,
  tensor: StoredTensor,
  place: { offsetBytes: number; lengthBytes: number },
): CheckpointTensor {
  const { storage, shape } = tensor
  if (!isContiguous(shape, tensor.strides)) {
    throw new UnreadableCheckpoint(
      path,
      `the numbers of the tensor ${name} are not in row-major order (save it after .contiguous())`,
    )
  }
  const bytes = elementBytes[storage.type]
  const lengthBytes = elementCount(shape) * bytes
  const startBytes = tensor.offsetElements * bytes
  if (storage.elements * bytes > place.lengthBytes || startBytes + lengthBytes > storage.elements * bytes) {
    throw new UnreadableCheckpoint(path, `the tensor ${name} is longer than what is stored of it`)
  }
  return {
    name,
    type: storage.type,
    shape,
    file: path,
    offsetBytes: place.offsetBytes + startBytes,
    lengthBytes,
  }
}

function archiveFolder(path: string, entries: StoredEntries): string {
  const pickles = entries.names.filter((name) => /^[^/]+\/data\.pkl$/.test(name))
  const [pickle] = pickles
  if (pickle === undefined || pickles.length > 1) {
    throw new UnreadableCheckpoint(path, 'it is a zip archive, but not one that torch.save writes')
  }
  const folder = pickle.slice(0, -'/data.pkl'.length)
  if (entries.names.includes(`${folder}/constants.pkl`)) {
    throw new UnreadableCheckpoint(
      path,
      'it is a TorchScript program; what is needed are the weights (state_dict)',
    )
  }
  return folder
}

async function checkByteOrder(
  path: string,
  handle: FileHandle,
  entries: StoredEntries,
  folder: string,
): Promise<void> {
  const place = await entries.locate(`${folder}/byteorder`)
  // Files older than torch 2.1 do not say it: they are little-endian.
  if (!place) return
  const order =
    place.lengthBytes <= 16
      ? new TextDecoder().decode(await readPlace(path, handle, place))
      : 'of an unknown kind'
  if (order !== 'little')
    throw new UnreadableCheckpoint(path, `its byte order is ${order}, not little-endian`)
}

async function readPlace(
  path: string,
  handle: FileHandle,
  place: { offsetBytes: number; lengthBytes: number },
): Promise<Uint8Array> {
  const bytes = await readBytes(handle, place.offsetBytes, place.lengthBytes)
  if (!bytes) throw new UnreadableCheckpoint(path, 'it is cut short')
  return bytes
}

function listTensors(path: string, bytes: Uint8Array): Map<string, StoredTensor> {
  try {
    const tensors = readTorchPickle(bytes)
    if (tensors.size > 0) return tensors
  } catch (error) {
    if (error instanceof ForbiddenPickle) throw new RefusedPickle(path, error.refused)
    if (error instanceof DamagedPickle) {
      throw new UnreadableCheckpoint(path, `its list of tensors is damaged: ${error.message}`, {
        cause: error,
      })
    }
    throw error
  }
  throw new UnreadableCheckpoint(
    path,
    'it holds no tensors under "model", under "state_dict" or at its top level',
  )
}
