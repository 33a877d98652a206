import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'

/** Thumbnails on disk, so that a filmstrip is there at once when a project is opened again. One folder a content. */
export class ThumbnailFiles {
  readonly #folder: string
  readonly #capacityBytes: number

  constructor(folder: string, capacityBytes: number) {
    this.#folder = folder
    this.#capacityBytes = capacityBytes
  }

  /** null where it is not there or cannot be read. */
  async read(contentId: string, name: string): Promise<Uint8Array | null> {
    return readFile(join(this.#folder, contentId, name)).catch(() => null)
  }

  /** A cache that cannot be written is no cache; nothing is thrown. */
  async write(contentId: string, name: string, bytes: Uint8Array): Promise<void> {
    const folder = join(this.#folder, contentId)
    const scratch = join(folder, `.${randomBytes(6).toString('hex')}`)
    try {
      await mkdir(folder, { recursive: true })
      await writeFile(scratch, bytes)
      await rename(scratch, join(folder, name))
    } catch {
      await rm(scratch, { force: true }).catch(() => {})
    }
  }

  /** Removes the folders that were used longest ago, as far as all together take more than they may. */
  async trim(): Promise<void> {
    const names = await readdir(this.#folder).catch(() => [])
    const folders = await Promise.all(names.map((name) => measureFolder(join(this.#folder, name))))
    folders.sort((a, b) => b.usedAt - a.usedAt)
    let bytes = 0
    for (const folder of folders) {
      bytes += folder.bytes
      if (bytes > this.#capacityBytes) await rm(folder.path, { recursive: true, force: true }).catch(() => {})
    }
  }
}

async function measureFolder(path: string): Promise<{ path: string; bytes: number; usedAt: number }> {
  const names = await readdir(path).catch(() => [])
  let bytes = 0
  let usedAt = 0
  for (const name of names) {
    const found = await stat(join(path, name)).catch(() => null)
    if (found === null) continue
    bytes += found.size
    usedAt = Math.max(usedAt, found.mtimeMs)
  }
  return { path, bytes, usedAt }
}
