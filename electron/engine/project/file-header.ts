import { open } from 'node:fs/promises'
import { APPLICATION_ID } from './schema.ts'

const MAGIC = 'SQLite format 3\u0000'

/** What the first bytes of a file say, read without opening it as a database, so that nothing of it is touched. */
export interface FileHeader {
  readonly sizeBytes: number
  readonly isDatabase: boolean
  readonly isProject: boolean
  readonly formatVersion: number
  /** Size that the header promises; null where it does not say. */
  readonly promisedBytes: number | null
}

/** Reads the header. Throws what the file system throws. */
export async function readFileHeader(path: string): Promise<FileHeader> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    const header = Buffer.alloc(100)
    await file.read(header, 0, header.length, 0)
    const pageSize = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16)
    const pageCount = header.readUInt32BE(28)
    return {
      sizeBytes: size,
      isDatabase: header.toString('latin1', 0, 16) === MAGIC,
      isProject: header.readUInt32BE(68) === APPLICATION_ID,
      formatVersion: header.readUInt32BE(60),
      promisedBytes: pageCount === 0 ? null : pageCount * pageSize,
    }
  } finally {
    await file.close()
  }
}
