import { type TensorType } from './checkpoint-tensor.ts'
import { readPickle } from './pickle.ts'
import {
  DamagedPickle,
  ForbiddenPickle,
  PickleGlobal,
  PickleObject,
  PickleTuple,
  type PickleRules,
  type PickleValue,
} from './pickle-values.ts'

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

/** Numbers that lie in a file of the archive, named by `key`. */
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

/** A tensor as the pickle describes it: a view of a storage. */
export class StoredTensor {
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
        // Filled by opcodes of its own. Pairs as arguments (Python 2) would let one list be copied over and over.
        if (args.length > 0) throw new DamagedPickle('an ordered dictionary is made of pairs')
        return new Map()
      case 'torch._utils._rebuild_tensor_v2':
        return new PickleObject(rebuildTensor(args))
      case 'torch._utils._rebuild_parameter':
        return args[0] ?? null
      case 'torch.Size':
      case 'torch.device':
        return args[0] ?? null
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

/**
 * The tensors that a `torch.save` pickle lists under `model`, under `state_dict` or at its top level. Nothing is
 * executed; names that are not on the allow-list are refused.
 * @throws DamagedPickle, ForbiddenPickle
 */
export function readTorchPickle(bytes: Uint8Array): Map<string, StoredTensor> {
  const root = readPickle(bytes, torchRules)
  const top = root instanceof Map ? root : new Map<PickleValue, PickleValue>()
  const dict = [top.get('model'), top.get('state_dict'), top].find((candidate) => candidate instanceof Map)
  const tensors = new Map<string, StoredTensor>()
  for (const [name, value] of dict ?? []) {
    if (typeof name === 'string' && value instanceof PickleObject && value.value instanceof StoredTensor) {
      tensors.set(name, value.value)
    }
  }
  return tensors
}
