/**
 * The part of the protocol buffer wire format that an ONNX model needs: varints, 32-bit floats and
 * length-delimited fields (https://protobuf.dev/programming-guides/encoding).
 */
export class ProtobufWriter {
  private readonly chunks: Uint8Array[] = []
  private byteLength = 0

  /** A varint field (int32, int64, enum). Negative values take ten bytes, as the format has it. */
  integer(field: number, value: number | bigint): this {
    this.varint(BigInt(field) << 3n)
    this.varint(BigInt.asUintN(64, BigInt(value)))
    return this
  }

  /** A 32-bit float field. */
  float(field: number, value: number): this {
    this.varint((BigInt(field) << 3n) | 5n)
    const bytes = new Uint8Array(4)
    new DataView(bytes.buffer).setFloat32(0, value, true)
    return this.append(bytes)
  }

  /** A length-delimited field: bytes, a string or a nested message. */
  bytes(field: number, value: Uint8Array | string | ProtobufWriter): this {
    const content =
      typeof value === 'string'
        ? new TextEncoder().encode(value)
        : value instanceof ProtobufWriter
          ? value.finish()
          : value
    this.varint((BigInt(field) << 3n) | 2n)
    this.varint(BigInt(content.byteLength))
    return this.append(content)
  }

  finish(): Uint8Array {
    const result = new Uint8Array(this.byteLength)
    let offset = 0
    for (const chunk of this.chunks) {
      result.set(chunk, offset)
      offset += chunk.byteLength
    }
    return result
  }

  private varint(value: bigint): void {
    const bytes: number[] = []
    let rest = value
    while (rest > 0x7fn) {
      bytes.push(Number(rest & 0x7fn) | 0x80)
      rest >>= 7n
    }
    bytes.push(Number(rest))
    this.append(Uint8Array.from(bytes))
  }

  private append(bytes: Uint8Array): this {
    this.chunks.push(bytes)
    this.byteLength += bytes.byteLength
    return this
  }
}
