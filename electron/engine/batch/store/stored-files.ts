import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { UserFacingError } from '../../../contract/errors.ts'
import type { ResultStore } from './result-store.ts'

/** What the store holds under a hash is missing, or has other content. */
export class StoredFileMissing extends UserFacingError {
  constructor(name: string, found: 'missing' | 'changed') {
    super(
      'stored-file-missing',
      found === 'missing'
        ? `The store does not have ${name}.`
        : `The store's copy of ${name} was damaged and is removed.`,
    )
  }
}

/** A file by its content. */
export interface FileContent {
  readonly sha256: string
  readonly sizeBytes: number
}

/** Reads a file once. @throws what the file system throws */
export async function contentOf(path: string): Promise<FileContent> {
  const hash = createHash('sha256')
  const { size } = await stat(path)
  await pipeline(createReadStream(path), hash)
  return { sha256: hash.digest('hex'), sizeBytes: size }
}

/** The name of a file's content in the store. */
export function blobKey(sha256: string): string {
  return `blobs/${sha256.slice(0, 2)}/${sha256}`
}

/** Puts a file under its content's name. @throws StoreUnavailable */
export async function storeFile(store: ResultStore, path: string): Promise<FileContent> {
  const content = await contentOf(path)
  await store.putFile(blobKey(content.sha256), path)
  return content
}

/**
 * Brings a file from the store to `folder/fileName`, unless it is there already, and checks it against its hash. What does
 * not fit, asked for twice, is removed from the store, so that its name is free for the right content.
 * @throws StoredFileMissing, StoreUnavailable
 */
export async function fetchFile(
  store: ResultStore,
  sha256: string,
  folder: string,
  fileName: string,
): Promise<string> {
  const path = join(folder, fileName)
  const isThere = await contentOf(path).catch(() => null)
  if (isThere?.sha256 === sha256) return path
  await mkdir(dirname(path), { recursive: true })
  const unchecked = `${path}.${process.pid}.unchecked`
  const isFetched = async (): Promise<boolean> => {
    if (!(await store.getFile(blobKey(sha256), unchecked))) throw new StoredFileMissing(fileName, 'missing')
    return (await contentOf(unchecked)).sha256 === sha256
  }
  try {
    // What travels may be damaged on the way: it is asked for once more before the store is held to be at fault.
    if (!(await isFetched()) && !(await isFetched())) {
      await store.delete(blobKey(sha256))
      throw new StoredFileMissing(fileName, 'changed')
    }
    await rename(unchecked, path)
    return path
  } finally {
    await rm(unchecked, { force: true })
  }
}
