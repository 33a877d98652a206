import { ByteCursor } from './byte-cursor.ts'
import {
  DamagedPickle,
  ForbiddenPickle,
  PickleGlobal,
  PickleTuple,
  type PickleDict,
  type PickleRules,
  type PickleValue,
} from './pickle-values.ts'

/** The large model's list of tensors has 30,000 opcodes; this keeps a hostile pickle below some 300 MB of memory. */
const maxOpcodes = 1_000_000

/**
 * Reads a pickle (protocol 2 to 5, the opcodes that `torch.save` writes). Executes nothing: names are compared with
 * the allow-list, calls are answered by `rules`. Memory stays proportional to the pickle's length.
 * @throws ForbiddenPickle for a name or opcode that is not allowed, DamagedPickle when it makes no sense.
 */
export function readPickle(bytes: Uint8Array, rules: PickleRules): PickleValue {
  return new PickleMachine(bytes, rules).run()
}

const marker = Symbol('mark')
type StackItem = PickleValue | typeof marker

class PickleMachine {
  readonly #cursor: ByteCursor
  readonly #rules: PickleRules
  readonly #stack: StackItem[] = []
  readonly #memo = new Map<number, PickleValue>()

  constructor(bytes: Uint8Array, rules: PickleRules) {
    this.#cursor = new ByteCursor(bytes)
    this.#rules = rules
  }

  run(): PickleValue {
    const cursor = this.#cursor
    if (cursor.byte() !== 0x80) throw new DamagedPickle('it does not begin with a protocol number')
    const protocol = cursor.byte()
    if (protocol < 2 || protocol > 5) throw new DamagedPickle(`its protocol is ${protocol}`)
    for (let opcodes = 0; opcodes < maxOpcodes; opcodes += 1) {
      const opcode = cursor.byte()
      if (opcode === 0x2e) return this.#pop() // STOP
      this.#step(opcode)
    }
    throw new DamagedPickle(`it has more than ${maxOpcodes} parts`)
  }

  #step(opcode: number): void {
    const stack = this.#stack
    const cursor = this.#cursor
    switch (opcode) {
      case 0x95: // FRAME
        cursor.take(8)
        return
      case 0x28: // MARK
        stack.push(marker)
        return
      case 0x30: // POP
        this.#pop()
        return
      case 0x31: // POP_MARK
        this.#popToMark()
        return
      case 0x4e: // NONE
        stack.push(null)
        return
      case 0x88: // NEWTRUE
        stack.push(true)
        return
      case 0x89: // NEWFALSE
        stack.push(false)
        return
      case 0x4a: // BININT
        stack.push(cursor.int32())
        return
      case 0x4b: // BININT1
        stack.push(cursor.byte())
        return
      case 0x4d: // BININT2
        stack.push(cursor.uint16())
        return
      case 0x8a: // LONG1
        stack.push(cursor.long(cursor.byte()))
        return
      case 0x8b: // LONG4
        stack.push(cursor.long(cursor.length4()))
        return
      case 0x47: // BINFLOAT
        stack.push(cursor.float64())
        return
      case 0x58: // BINUNICODE
        stack.push(cursor.text(cursor.length4()))
        return
      case 0x8c: // SHORT_BINUNICODE
        stack.push(cursor.text(cursor.byte()))
        return
      case 0x42: // BINBYTES
        stack.push(cursor.raw(cursor.length4()))
        return
      case 0x43: // SHORT_BINBYTES
        stack.push(cursor.raw(cursor.byte()))
        return
      case 0x5d: // EMPTY_LIST
        stack.push([])
        return
      case 0x61: {
        // APPEND
        const item = this.#pop()
        this.#list().push(item)
        return
      }
      case 0x65: {
        // APPENDS
        const items = this.#popToMark()
        const list = this.#list()
        for (const item of items) list.push(item)
        return
      }
      case 0x29: // EMPTY_TUPLE
        stack.push(new PickleTuple([]))
        return
      case 0x74: // TUPLE
        stack.push(new PickleTuple(this.#popToMark()))
        return
      case 0x85: // TUPLE1
      case 0x86: // TUPLE2
      case 0x87: {
        // TUPLE3
        const items: PickleValue[] = []
        for (let left = opcode - 0x84; left > 0; left -= 1) items.push(this.#pop())
        stack.push(new PickleTuple(items.reverse()))
        return
      }
      case 0x7d: // EMPTY_DICT
        stack.push(new Map())
        return
      case 0x73: {
        // SETITEM
        const value = this.#pop()
        const key = this.#pop()
        this.#dict().set(key, value)
        return
      }
      case 0x75: {
        // SETITEMS
        const items = this.#popToMark()
        if (items.length % 2 !== 0) throw new DamagedPickle('a dictionary has a key without a value')
        const dict = this.#dict()
        for (let index = 0; index < items.length; index += 2) {
          dict.set(items[index] ?? null, items[index + 1] ?? null)
        }
        return
      }
      case 0x71: // BINPUT
        this.#memo.set(cursor.byte(), this.#top())
        return
      case 0x72: // LONG_BINPUT
        this.#memo.set(cursor.length4(), this.#top())
        return
      case 0x94: // MEMOIZE
        this.#memo.set(this.#memo.size, this.#top())
        return
      case 0x68: // BINGET
        stack.push(this.#recall(cursor.byte()))
        return
      case 0x6a: // LONG_BINGET
        stack.push(this.#recall(cursor.length4()))
        return
      case 0x63: // GLOBAL
        stack.push(this.#global(cursor.line(), cursor.line()))
        return
      case 0x93: {
        // STACK_GLOBAL
        const name = this.#pop()
        const module = this.#pop()
        if (typeof module !== 'string' || typeof name !== 'string')
          throw new DamagedPickle('a name is not text')
        stack.push(this.#global(module, name))
        return
      }
      case 0x52: {
        // REDUCE
        const args = this.#pop()
        const callee = this.#pop()
        if (!(callee instanceof PickleGlobal) || !(args instanceof PickleTuple)) {
          throw new DamagedPickle('it calls something that is not a name')
        }
        stack.push(this.#rules.call(callee.name, args.items))
        return
      }
      case 0x62: // BUILD: only the attributes of a state dictionary (its `_metadata`), which hold no weights
        this.#pop()
        if (!(this.#top() instanceof Map)) throw new ForbiddenPickle('setting the attributes of an object')
        return
      case 0x51: // BINPERSID
        stack.push(this.#rules.persistent(this.#pop()))
        return
      default:
        throw new ForbiddenPickle(`the pickle opcode 0x${opcode.toString(16).padStart(2, '0')}`)
    }
  }

  #global(module: string, name: string): PickleGlobal {
    const full = `${module}.${name}`
    if (!this.#rules.allows(full)) throw new ForbiddenPickle(full)
    return new PickleGlobal(full)
  }

  #top(): PickleValue {
    const item = this.#stack.at(-1)
    if (item === undefined || item === marker) throw new DamagedPickle('its stack is empty')
    return item
  }

  #pop(): PickleValue {
    const item = this.#top()
    this.#stack.pop()
    return item
  }

  #popToMark(): PickleValue[] {
    const start = this.#stack.lastIndexOf(marker)
    if (start < 0) throw new DamagedPickle('a mark is missing')
    const items = this.#stack.splice(start)
    items.shift()
    return items as PickleValue[]
  }

  #list(): PickleValue[] {
    const list = this.#top()
    if (!Array.isArray(list)) throw new DamagedPickle('it appends to something that is not a list')
    return list
  }

  #dict(): PickleDict {
    const dict = this.#top()
    if (!(dict instanceof Map))
      throw new DamagedPickle('it sets an item of something that is not a dictionary')
    return dict
  }

  #recall(index: number): PickleValue {
    const value = this.#memo.get(index)
    if (value === undefined) throw new DamagedPickle(`it recalls the unknown memory ${index}`)
    return value
  }
}
