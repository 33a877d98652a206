import { crc32 } from 'node:zlib'
import type { SqlValue } from './database.ts'

/** Guards a row against bytes that changed on the disk, which SQLite itself does not notice. */
export function rowChecksum(...values: SqlValue[]): number {
  return values.length === 1 && typeof values[0] === 'string'
    ? crc32(values[0])
    : crc32(JSON.stringify(values))
}

/** Spreads the numbers of versions over all bits. */
const VERSION_FACTOR = 0x9e3779b1

/** What the place of a mask adds to its checksums, so that a mask that got under another key is not taken for its own. */
export function placeChecksum(versionId: number, frameIndex: number): number {
  return (Math.imul(versionId, VERSION_FACTOR) + frameIndex) >>> 0
}

/** Sum of two checksums, itself one. */
export function addChecksums(first: number, second: number): number {
  return (first + second) % 2 ** 32
}
