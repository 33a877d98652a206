import { crc32 } from 'node:zlib'

/** Sizes and positions are written as 32-bit numbers; no checkpoint that is made here comes near. */
const maxArchiveBytes = 0xffffffff
/** torch begins the bytes of every entry at a multiple of this. */
const alignmentBytes = 64
const utf8NameFlag = 0x0800

interface WrittenEntry {
  readonly name: Uint8Array
  readonly crc: number
  readonly sizeBytes: number
  readonly headerOffsetBytes: number
}

/** Writes a zip archive of stored entries as torch does: nothing compressed, each entry's bytes aligned. */
export class StoredZipWriter {
  readonly #write: (bytes: Uint8Array) => Promise<void>
  readonly #entries: WrittenEntry[] = []
  #positionBytes = 0

  /** `write` is called with consecutive pieces of the archive. */
  constructor(write: (bytes: Uint8Array) => Promise<void>) {
    this.#write = write
  }

  async add(name: string, bytes: Uint8Array): Promise<void> {
    const entry: WrittenEntry = {
      name: new TextEncoder().encode(name),
      crc: crc32(bytes),
      sizeBytes: bytes.length,
      headerOffsetBytes: this.#positionBytes,
    }
    const header = localHeader(entry)
    if (this.#positionBytes + header.length + bytes.length > maxArchiveBytes) {
      throw new RangeError(`the archive would be larger than 4 GiB at ${name}`)
    }
    this.#entries.push(entry)
    await this.#append(header)
    await this.#append(bytes)
  }

  /** Writes the directory; the archive is complete after it. */
  async finish(): Promise<void> {
    const start = this.#positionBytes
    await this.#append(Buffer.concat(this.#entries.map(centralHeader)))
    await this.#append(endRecord(this.#entries.length, start, this.#positionBytes - start))
  }

  async #append(bytes: Uint8Array): Promise<void> {
    await this.#write(bytes)
    this.#positionBytes += bytes.length
  }
}

function localHeader(entry: WrittenEntry): Buffer {
  const fixedBytes = 30 + entry.name.length + 4
  const misaligned = (entry.headerOffsetBytes + fixedBytes) % alignmentBytes
  const paddingBytes = (alignmentBytes - misaligned) % alignmentBytes
  const header = Buffer.alloc(fixedBytes + paddingBytes, 'Z')
  header.writeUInt32LE(0x04034b50, 0)
  writeCommon(header, 4, entry)
  header.writeUInt16LE(4 + paddingBytes, 28)
  header.set(entry.name, 30)
  // An extra field of torch's own kind ("FB") carries the padding.
  header.write('FB', 30 + entry.name.length, 'latin1')
  header.writeUInt16LE(paddingBytes, 32 + entry.name.length)
  return header
}

function centralHeader(entry: WrittenEntry): Buffer {
  const header = Buffer.alloc(46 + entry.name.length)
  header.writeUInt32LE(0x02014b50, 0)
  writeCommon(header, 6, entry)
  header.writeUInt32LE(entry.headerOffsetBytes, 42)
  header.set(entry.name, 46)
  return header
}

/** What both headers have, from the version that is needed to the length of the name: stored, no date. */
function writeCommon(header: Buffer, at: number, entry: WrittenEntry): void {
  header.fill(0, at, at + 26)
  header.writeUInt16LE(utf8NameFlag, at + 2)
  header.writeUInt32LE(entry.crc, at + 10)
  header.writeUInt32LE(entry.sizeBytes, at + 14)
  header.writeUInt32LE(entry.sizeBytes, at + 18)
  header.writeUInt16LE(entry.name.length, at + 22)
}

function endRecord(entries: number, directoryOffset: number, directoryBytes: number): Buffer {
  const record = Buffer.alloc(22)
  record.writeUInt32LE(0x06054b50, 0)
  record.writeUInt16LE(entries, 8)
  record.writeUInt16LE(entries, 10)
  record.writeUInt32LE(directoryBytes, 12)
  record.writeUInt32LE(directoryOffset, 16)
  return record
}
