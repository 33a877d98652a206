import type { FileHandle } from 'node:fs/promises'
import { RefusedPickle, UnreadableCheckpoint } from './checkpoint-errors.ts'
import { elementBytes, elementCount, type CheckpointTensor, type TensorType } from './checkpoint-tensor.ts'
import {
  DamagedPickle,
  ForbiddenPickle,
  PickleGlobal,
  PickleObject,
  PickleTuple,
  readPickle,
  type PickleRules,
  type PickleValue,
} from './pickle.ts'
import { readStoredEntries, type StoredEntries } from './zip-entries.ts'

/** The largest pickle that is read; that of a checkpoint with all of a model's optimizer state is below 1 MB. */
const maxPickleBytes = 64 * 2 ** 20

const storageTypes: Readonly<Record<string, TensorType>> = {
  'torch.DoubleStorage': 'float64',
  'torch.FloatStorage': 'float32',
  'torch.HalfStorage': 'float16',
  'torch.BFloat16Storage': 'bfloat16',
  'torch.LongStorage': 'int64',
  'torch.IntStorage': 'int32',
  'torch.ShortStorage': 'int16',
  'torch.CharStorage': 'int8',
  'torch.ByteStorage': 'uint8',
  'torch.BoolStorage': 'bool',
}

const callables = new Set([
  'collections.OrderedDict',
  'torch._utils._rebuild_tensor_v2',
  'torch._utils._rebuild_parameter',
  'torch.Size',
  'torch.device',
])

class Storage {
  readonly key: string
  readonly type: TensorType
  readonly elements: number

  constructor(key: string, type: TensorType, elements: number) {
    this.key = key
    this.type = type
    this.elements = elements
  }
}

class StoredTensor {
  readonly storage: Storage
  readonly offsetElements: number
  readonly shape: readonly number[]
  readonly strides: readonly number[]

  constructor(
    storage: Storage,
    offsetElements: number,
    shape: readonly number[],
    strides: readonly number[],
  ) {
    this.storage = storage
    this.offsetElements = offsetElements
    this.shape = shape
    this.strides = strides
  }
}

const torchRules: PickleRules = {
  allows: (name) => callables.has(name) || Object.hasOwn(storageTypes, name),

  call(name, args) {
    switch (name) {
      case 'collections.OrderedDict':
        return orderedDict(args)
      case 'torch._utils._rebuild_tensor_v2':
        return new PickleObject(rebuildTensor(args))
      case 'torch._utils._rebuild_parameter':
        return args[0] ?? null
      case 'torch.Size':
      case 'torch.device':
        return new PickleTuple(args)
      default:
        throw new ForbiddenPickle(`a call of ${name}`)
    }
  },

  persistent(id) {
    const [kind, type, key, , elements] = id instanceof PickleTuple ? id.items : []
    if (
      kind !== 'storage' ||
      !(type instanceof PickleGlobal) ||
      typeof key !== 'string' ||
      !isCount(elements) ||
      !Object.hasOwn(storageTypes, type.name)
    ) {
      throw new DamagedPickle('it refers to something that is not a storage')
    }
    return new PickleObject(new Storage(key, storageTypes[type.name]!, elements))
  },
}

function orderedDict(args: readonly PickleValue[]): PickleValue {
  const dict = new Map<PickleValue, PickleValue>()
  const pairs = args[0] ?? []
  if (!Array.isArray(pairs))
    throw new DamagedPickle('an ordered dictionary is made of something else than pairs')
  for (const pair of pairs) {
    const items = pair instanceof PickleTuple ? pair.items : pair
    if (!Array.isArray(items) || items.length !== 2)
      throw new DamagedPickle('a dictionary has a key without a value')
    dict.set(items[0] as PickleValue, items[1] as PickleValue)
  }
  return dict
}

function rebuildTensor(args: readonly PickleValue[]): StoredTensor {
  const [storage, offset, shape, strides] = args
  const shapeItems = shape instanceof PickleTuple ? shape.items : undefined
  const strideItems = strides instanceof PickleTuple ? strides.items : undefined
  if (
    !(storage instanceof PickleObject) ||
    !(storage.value instanceof Storage) ||
    !isCount(offset) ||
    !shapeItems?.every(isCount) ||
    !strideItems?.every(isCount) ||
    shapeItems.length !== strideItems.length ||
    shapeItems.length > 16
  ) {
    throw new DamagedPickle('a tensor is described wrongly')
  }
  return new StoredTensor(storage.value, offset, shapeItems, strideItems)
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

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
  if (!pickle || pickle.lengthBytes > maxPickleBytes) {
    throw new UnreadableCheckpoint(path, 'its list of tensors (data.pkl) is too long')
  }
  const stored = modelTensors(path, unpickle(path, await readBytes(path, handle, pickle)))

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
      ? new TextDecoder().decode(await readBytes(path, handle, place))
      : 'of an unknown kind'
  if (order !== 'little')
    throw new UnreadableCheckpoint(path, `its byte order is ${order}, not little-endian`)
}

async function readBytes(
  path: string,
  handle: FileHandle,
  place: { offsetBytes: number; lengthBytes: number },
): Promise<Uint8Array> {
  const bytes = new Uint8Array(place.lengthBytes)
  const { bytesRead } = await handle.read(bytes, 0, bytes.length, place.offsetBytes)
  if (bytesRead !== bytes.length) throw new UnreadableCheckpoint(path, 'it is cut short')
  return bytes
}

function unpickle(path: string, bytes: Uint8Array): PickleValue {
  try {
    return readPickle(bytes, torchRules)
  } catch (error) {
    if (error instanceof ForbiddenPickle) throw new RefusedPickle(path, error.refused)
    if (error instanceof DamagedPickle) {
      throw new UnreadableCheckpoint(path, `its list of tensors is damaged: ${error.message}`, {
        cause: error,
      })
    }
    throw error
  }
}

function modelTensors(path: string, root: PickleValue): Map<string, StoredTensor> {
  const top = root instanceof Map ? root : new Map<PickleValue, PickleValue>()
  const dict = [top.get('model'), top.get('state_dict'), top].find((candidate) => candidate instanceof Map)
  const tensors = new Map<string, StoredTensor>()
  for (const [name, value] of dict ?? []) {
    if (typeof name === 'string' && value instanceof PickleObject && value.value instanceof StoredTensor) {
      tensors.set(name, value.value)
    }
  }
  if (tensors.size === 0) {
    throw new UnreadableCheckpoint(
      path,
      'it holds no tensors under "model", under "state_dict" or at its top level',
    )
  }
  return tensors
}
