import { open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { z } from 'zod'

const sourcesSchema = z.record(z.string(), z.string())

/** A download that is not complete: `FILE.partial`, and `FILE.partial.json` that says where its bytes came from. */
export class PartialFile {
  readonly path: string
  readonly #finalPath: string
  readonly #notesPath: string

  constructor(finalPath: string) {
    this.#finalPath = finalPath
    this.path = `${finalPath}.partial`
    this.#notesPath = `${this.path}.json`
  }

  /** Bytes that are there; 0 when nothing is. */
  async sizeBytes(): Promise<number> {
    return (await stat(this.path).catch(() => undefined))?.size ?? 0
  }

  /** Address -> its validator (a strong ETag, or the empty text) for each address that some of the bytes came from. */
  async sources(): Promise<Readonly<Record<string, string>>> {
    try {
      return sourcesSchema.parse(JSON.parse(await readFile(this.#notesPath, 'utf8')))
    } catch {
      // Lost notes cost nothing but the If-Range header: the hash decides about the bytes.
      return {}
    }
  }

  /** Notes that bytes come from this address. */
  async addSource(url: string, validator: string): Promise<void> {
    await writeFile(this.#notesPath, JSON.stringify({ ...(await this.sources()), [url]: validator }))
  }

  /** Gives the complete file its final name. */
  async commit(): Promise<void> {
    const handle = await open(this.path, 'r+')
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(this.path, this.#finalPath)
    await rm(this.#notesPath, { force: true })
  }

  async discard(): Promise<void> {
    await rm(this.path, { force: true })
    await rm(this.#notesPath, { force: true })
  }
}
