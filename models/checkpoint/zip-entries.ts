import type { FileHandle } from 'node:fs/promises'
import { PassThrough, type Readable } from 'node:stream'
import * as yauzl from 'yauzl'
import { UnreadableCheckpoint } from './checkpoint-errors.ts'

/** More entries than any checkpoint has; a file that claims more is refused before they are all read. */
const maxEntries = 200_000

/** A stored (uncompressed) file inside a zip archive. */
export interface StoredEntries {
  readonly names: readonly string[]
  /** Absolute position of the entry's bytes in the archive, or undefined when there is no such entry. */
  locate(name: string): Promise<{ offsetBytes: number; lengthBytes: number } | undefined>
}

/** Lets yauzl read through an open handle and refuses positions outside the file, where `fs.read` would throw. */
class BoundedReader extends yauzl.RandomAccessReader {
  readonly #handle: FileHandle
  readonly #sizeBytes: number

  constructor(handle: FileHandle, sizeBytes: number) {
    super()
    this.#handle = handle
    this.#sizeBytes = sizeBytes
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    if (!Number.isSafeInteger(position) || position < 0 || position + length > this.#sizeBytes) {
      setImmediate(callback, new Error(`it points to byte ${position}, beyond the end of the file`))
      return
    }
    this.#handle.read(buffer, offset, length, position).then(
      ({ bytesRead }) =>
        callback(bytesRead === length ? null : new Error('the file became shorter while it was read')),
      (error: unknown) => callback(error instanceof Error ? error : new Error(String(error))),
    )
  }

  override _readStreamForRange(): Readable {
    return new PassThrough().end()
  }

  override close(callback: (error: Error | null) => void): void {
    callback(null)
  }
}

/**
 * Reads the directory of a zip archive (zip64 included). The handle stays the caller's.
 * @throws UnreadableCheckpoint when the archive is damaged or an entry's name is there twice.
 */
export async function readStoredEntries(
  path: string,
  handle: FileHandle,
  sizeBytes: number,
): Promise<StoredEntries> {
  const entries = new Map<string, yauzl.Entry>()
  let zip: yauzl.ZipFile
  try {
    zip = await yauzl.fromRandomAccessReaderPromise(new BoundedReader(handle, sizeBytes), sizeBytes, {
      autoClose: false,
      lazyEntries: true,
    })
    if (zip.entryCount > maxEntries) throw new Error(`it claims to hold ${zip.entryCount} files`)
    for await (const entry of zip.eachEntry()) {
      if (entries.has(entry.fileName)) throw new Error(`it holds the file ${entry.fileName} twice`)
      entries.set(entry.fileName, entry)
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new UnreadableCheckpoint(path, `its zip archive is damaged or cut short (${reason})`, {
      cause: error,
    })
  }

  return {
    names: [...entries.keys()],
    async locate(name) {
      const entry = entries.get(name)
      if (!entry) return undefined
      if (entry.compressionMethod !== 0 || entry.isEncrypted()) {
        throw new UnreadableCheckpoint(
          path,
          `its part ${name} is compressed or encrypted; torch.save stores it as it is`,
        )
      }
      try {
        // The local header's length differs from the central one: torch pads it so that the bytes are aligned.
        const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true })
        return { offsetBytes: fileDataStart, lengthBytes: entry.uncompressedSize }
      } catch (error) {
        throw new UnreadableCheckpoint(
          path,
          `its part ${name} is damaged or lies beyond the end of the file`,
          {
            cause: error,
          },
        )
      }
    },
  }
}
