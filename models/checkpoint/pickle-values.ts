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
