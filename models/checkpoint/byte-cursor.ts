import { DamagedPickle } from './pickle-values.ts'

const longBytesLimit = 255

/** Walks through a pickle's bytes; every step that would leave them is a `DamagedPickle`. */
export class ByteCursor {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  /** Moves on by `count` bytes and answers where they begin. */
  take(count: number): number {
    const start = this.#at
    if (count > this.#bytes.length - start) throw new DamagedPickle('it ends too early')
    this.#at = start + count
    return start
  }

  byte(): number {
    return this.#view.getUint8(this.take(1))
  }

  uint16(): number {
    return this.#view.getUint16(this.take(2), true)
  }

  int32(): number {
    return this.#view.getInt32(this.take(4), true)
  }

  float64(): number {
    return this.#view.getFloat64(this.take(8), false)
  }

  length4(): number {
    return this.#view.getUint32(this.take(4), true)
  }

  raw(count: number): Uint8Array {
    const start = this.take(count)
    return this.#bytes.subarray(start, start + count)
  }

  text(count: number): string {
    return new TextDecoder().decode(this.raw(count))
  }

  line(): string {
    const end = this.#bytes.indexOf(0x0a, this.#at)
    if (end < 0) throw new DamagedPickle('it ends within a name')
    const text = this.text(end - this.#at)
    this.#at = end + 1
    return text
  }

  long(count: number): number | bigint {
    if (count > longBytesLimit) throw new DamagedPickle(`it holds a number of ${count} bytes`)
    let value = 0n
    for (const [index, byte] of this.raw(count).entries()) value |= BigInt(byte) << BigInt(8 * index)
    const signed = BigInt.asIntN(8 * count, value)
    return Number.isSafeInteger(Number(signed)) ? Number(signed) : signed
  }
}
