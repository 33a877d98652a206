import { createHash } from 'node:crypto'
import { open, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Fingerprint } from './stored-records.ts'

const SAMPLE_BYTES = 1_048_576

/** Samples of head, middle and tail tell files apart without reading gigabytes. */
async function hashFile(path: string, sampleBytes: number): Promise<{ sizeBytes: number; digest: Buffer }> {
  const file = await open(path, 'r')
  try {
    const { size: sizeBytes } = await file.stat()
    const hash = createHash('sha256').update(`${String(sizeBytes)}\n`)
    const places = [0, Math.floor((sizeBytes - sampleBytes) / 2), sizeBytes - sampleBytes]
    const buffer = Buffer.alloc(sampleBytes)
    for (const place of new Set(places.map((position) => Math.max(0, position)))) {
      const { bytesRead } = await file.read(buffer, 0, sampleBytes, place)
      hash.update(buffer.subarray(0, bytesRead))
    }
    return { sizeBytes, digest: hash.digest() }
  } finally {
    await file.close()
  }
}

/** Names and sizes of all pictures, links to them included, and samples of the first, middle and last one. */
async function hashFolder(path: string): Promise<{ sizeBytes: number; digest: Buffer }> {
  const entries = await readdir(path, { withFileTypes: true })
  const candidates = entries
    .filter((entry) => (entry.isFile() || entry.isSymbolicLink()) && !entry.name.startsWith('.'))
    .map(({ name }) => name)
    .sort()
  const hash = createHash('sha256')
  const names: string[] = []
  let sizeBytes = 0
  for (const name of candidates) {
    // A link may lead nowhere, or to what is no file.
    const found = await stat(join(path, name)).catch(() => null)
    if (found?.isFile() !== true) continue
    names.push(name)
    sizeBytes += found.size
    hash.update(`${name}\n${String(found.size)}\n`)
  }
  const samples = new Set([0, Math.floor((names.length - 1) / 2), names.length - 1])
  for (const index of samples) {
    const name = names[index]
    if (name !== undefined) hash.update((await hashFile(join(path, name), 65_536)).digest)
  }
  return { sizeBytes, digest: hash.digest() }
}

/**
 * Fingerprint of a video file, or of a folder of pictures. Throws what the file system throws, and an error for what is
 * neither: reading a pipe or a device might never end.
 */
export async function fingerprintVideo(path: string): Promise<Fingerprint> {
  const found = await stat(path)
  if (!found.isFile() && !found.isDirectory()) throw new Error('It is neither a file nor a folder.')
  const { sizeBytes, digest } = found.isDirectory()
    ? await hashFolder(path)
    : await hashFile(path, SAMPLE_BYTES)
  return { sizeBytes, digest: digest.toString('hex') }
}

/** Name of a content in frame addresses. */
export function contentIdOf(fingerprint: Fingerprint): string {
  return fingerprint.digest.slice(0, 32)
}
