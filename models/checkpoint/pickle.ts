/** A tuple is told apart from a list because torch's persistent ids and sizes are tuples. */
export class PickleTuple {
  readonly items: readonly PickleValue[]

  constructor(items: readonly PickleValue[]) {
    this.items = items
  }
}

/** A name that the caller's allow-list knows; it stands for a class or function and is never one. */
export class PickleGlobal {
  readonly name: string

  constructor(name: string) {
    this.name = name
  }
}

/** An object of the caller: what a persistent id or a call of an allowed name became. */
export class PickleObject<T = unknown> {
  readonly value: T

  constructor(value: T) {
    this.value = value
  }
}

export type PickleDict = Map<PickleValue, PickleValue>
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleValue[]
  | PickleDict
  | PickleTuple
  | PickleGlobal
  | PickleObject

/** What the reader may meet: every name not allowed is refused, and nothing is ever looked up or executed. */
export interface PickleRules {
  /** Whether `module.name` may stand in the pickle at all. */
  allows(name: string): boolean
  /** The value of `name(...args)`. */
  call(name: string, args: readonly PickleValue[]): PickleValue
  persistent(id: PickleValue): PickleValue
}

/** The pickle is damaged: its opcodes contradict each other or end too early. */
export class DamagedPickle extends Error {}

/** The pickle asks for a name or an opcode that is not allowed. */
export class ForbiddenPickle extends Error {
  readonly refused: string

  constructor(refused: string) {
    super(refused)
    this.refused = refused
  }
}

const longBytesLimit = 255

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
  readonly #bytes: Uint8Array
  readonly #view: DataView
  readonly #rules: PickleRules
  readonly #stack: StackItem[] = []
  readonly #memo = new Map<number, PickleValue>()
  #at = 0

  constructor(bytes: Uint8Array, rules: PickleRules) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#rules = rules
  }

  run(): PickleValue {
    if (this.#byte() !== 0x80) throw new DamagedPickle('it does not begin with a protocol number')
    const protocol = this.#byte()
    if (protocol < 2 || protocol > 5) throw new DamagedPickle(`its protocol is ${protocol}`)
    for (;;) {
      const opcode = this.#byte()
      if (opcode === 0x2e) return this.#pop() // STOP
      this.#step(opcode)
    }
  }

  #step(opcode: number): void {
    const stack = this.#stack
    switch (opcode) {
      case 0x95: // FRAME
        this.#take(8)
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
        stack.push(this.#view.getInt32(this.#take(4), true))
        return
      case 0x4b: // BININT1
        stack.push(this.#byte())
        return
      case 0x4d: // BININT2
        stack.push(this.#view.getUint16(this.#take(2), true))
        return
      case 0x8a: // LONG1
        stack.push(this.#long(this.#byte()))
        return
      case 0x8b: // LONG4
        stack.push(this.#long(this.#length4()))
        return
      case 0x47: // BINFLOAT
        stack.push(this.#view.getFloat64(this.#take(8), false))
        return
      case 0x58: // BINUNICODE
        stack.push(this.#text(this.#length4()))
        return
      case 0x8c: // SHORT_BINUNICODE
        stack.push(this.#text(this.#byte()))
        return
      case 0x54: // BINSTRING (Python 2)
        stack.push(this.#text(this.#length4()))
        return
      case 0x55: // SHORT_BINSTRING (Python 2)
        stack.push(this.#text(this.#byte()))
        return
      case 0x42: // BINBYTES
        stack.push(this.#raw(this.#length4()))
        return
      case 0x43: // SHORT_BINBYTES
        stack.push(this.#raw(this.#byte()))
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
        this.#memo.set(this.#byte(), this.#top())
        return
      case 0x72: // LONG_BINPUT
        this.#memo.set(this.#length4(), this.#top())
        return
      case 0x94: // MEMOIZE
        this.#memo.set(this.#memo.size, this.#top())
        return
      case 0x68: // BINGET
        stack.push(this.#recall(this.#byte()))
        return
      case 0x6a: // LONG_BINGET
        stack.push(this.#recall(this.#length4()))
        return
      case 0x63: // GLOBAL
        stack.push(this.#global(this.#line(), this.#line()))
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

  /** Moves on by `count` bytes and answers where they begin. */
  #take(count: number): number {
    const start = this.#at
    if (count > this.#bytes.length - start) throw new DamagedPickle('it ends too early')
    this.#at = start + count
    return start
  }

  #byte(): number {
    return this.#view.getUint8(this.#take(1))
  }

  #length4(): number {
    return this.#view.getUint32(this.#take(4), true)
  }

  #raw(count: number): Uint8Array {
    const start = this.#take(count)
    return this.#bytes.subarray(start, start + count)
  }

  #text(count: number): string {
    return new TextDecoder().decode(this.#raw(count))
  }

  #line(): string {
    const end = this.#bytes.indexOf(0x0a, this.#at)
    if (end < 0) throw new DamagedPickle('it ends within a name')
    const text = this.#text(end - this.#at)
    this.#at = end + 1
    return text
  }

  #long(count: number): number | bigint {
    if (count > longBytesLimit) throw new DamagedPickle(`it holds a number of ${count} bytes`)
    let value = 0n
    for (const [index, byte] of this.#raw(count).entries()) value |= BigInt(byte) << BigInt(8 * index)
    const signed = BigInt.asIntN(8 * count, value)
    return Number.isSafeInteger(Number(signed)) ? Number(signed) : signed
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
