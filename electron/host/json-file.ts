import { copyFile, mkdir, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import writeFileAtomic from 'write-file-atomic'

/** What a JSON file holds: nothing when there is none, `damaged` when it cannot be read as JSON. */
export type JsonFileContent =
  | { readonly state: 'missing' }
  | { readonly state: 'damaged' }
  | { readonly state: 'read'; readonly value: unknown }

/** @throws the file system's error when the file is there but cannot be read. */
export async function readJsonFile(path: string): Promise<JsonFileContent> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { state: 'missing' }
    throw error
  }
  try {
    return { state: 'read', value: JSON.parse(text) as unknown }
  } catch {
    return { state: 'damaged' }
  }
}

/** Replaces a file as a whole or not at all; on disk when it resolves. */
export async function writeJsonFile(path: string, value: unknown): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  await writeFileAtomic(path, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 })
}

/** Keeps a copy beside the file before it is overwritten; one copy, the newest. @returns its path. */
export async function keepCopy(path: string): Promise<string> {
  const copy = path.replace(/\.json$/, '') + '.damaged.json'
  await copyFile(path, copy)
  return copy
}
