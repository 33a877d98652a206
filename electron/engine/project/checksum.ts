import { crc32 } from 'node:zlib'
import type { SqlValue } from './database.ts'

/** Guards a row against bytes that changed on the disk, which SQLite itself does not notice. */
export function rowChecksum(...values: SqlValue[]): number {
  return values.length === 1 && typeof values[0] === 'string'
    ? crc32(values[0])
    : crc32(JSON.stringify(values))
}
