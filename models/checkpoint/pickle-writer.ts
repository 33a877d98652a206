/** Writes a pickle of protocol 2 opcode by opcode. Texts and names that come again are recalled, as Python does. */
export class PickleWriter {
  readonly #pieces: Uint8Array[] = [Uint8Array.of(0x80, 2)]
  readonly #memo = new Map<string, number>()

  emptyDict(): this {
    return this.#opcode('}')
  }

  mark(): this {
    return this.#opcode('(')
  }

  /** Makes a tuple of everything since the mark. */
  tuple(): this {
    return this.#opcode('t')
  }

  emptyTuple(): this {
    return this.#opcode(')')
  }

  false(): this {
    this.#pieces.push(Uint8Array.of(0x89))
    return this
  }

  text(value: string): this {
    return this.#memoized(`text ${value}`, () => {
      const bytes = new TextEncoder().encode(value)
      this.#pieces.push(withNumber('X', bytes.length), bytes)
    })
  }

  /** A whole number from 0 to 2^31 - 1. */
  count(value: number): this {
    if (!Number.isInteger(value) || value < 0 || value > 0x7fffffff)
      throw new RangeError(`${value} is no 32-bit count`)
    this.#pieces.push(withNumber('J', value))
    return this
  }

  global(module: string, name: string): this {
    return this.#memoized(`global ${module}.${name}`, () => {
      this.#pieces.push(new TextEncoder().encode(`c${module}\n${name}\n`))
    })
  }

  /** Calls the name below the tuple on top. */
  reduce(): this {
    return this.#opcode('R')
  }

  /** Turns the tuple on top into what it refers to outside the pickle. */
  persistentId(): this {
    return this.#opcode('Q')
  }

  /** Puts the pair on top into the dictionary below it. */
  setItem(): this {
    return this.#opcode('s')
  }

  /** Puts everything since the mark, key and value in turn, into the dictionary below the mark. */
  setItems(): this {
    return this.#opcode('u')
  }

  finish(): Uint8Array {
    this.#opcode('.')
    return Buffer.concat(this.#pieces)
  }

  #opcode(letter: string): this {
    this.#pieces.push(Uint8Array.of(letter.charCodeAt(0)))
    return this
  }

  #memoized(key: string, write: () => void): this {
    const index = this.#memo.get(key)
    if (index !== undefined) {
      this.#pieces.push(withNumber('j', index))
      return this
    }
    write()
    this.#pieces.push(withNumber('r', this.#memo.size))
    this.#memo.set(key, this.#memo.size)
    return this
  }
}

function withNumber(opcode: string, value: number): Uint8Array {
  const bytes = Buffer.alloc(5)
  bytes.write(opcode, 'latin1')
  bytes.writeUInt32LE(value, 1)
  return bytes
}
