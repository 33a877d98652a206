import { createReadStream } from 'node:fs'
import { appendFile } from 'node:fs/promises'
import { writeError } from '../export-errors.ts'

/** A text that is written from front to back, however long, in constant memory. Holds no file open in between. */
export class TextFile {
  readonly path: string
  readonly #finalPath: string
  readonly #chunkLength: number
  #waiting: string[] = []
  #waitingLength = 0

  /**
   * @param finalPath named in errors
   * @param chunkLength characters that wait in memory before they are written
   */
  constructor(path: string, finalPath: string, chunkLength: number) {
    this.path = path
    this.#finalPath = finalPath
    this.#chunkLength = chunkLength
  }

  /** @throws ExportDiskFull, ExportFolderNotWritable */
  async write(text: string): Promise<void> {
    this.#waiting.push(text)
    this.#waitingLength += text.length
    if (this.#waitingLength >= this.#chunkLength) await this.flush()
  }

  /** Adds all of another text, which is complete by then. */
  async append(other: TextFile): Promise<void> {
    await other.flush()
    await this.flush()
    for await (const chunk of createReadStream(other.path)) await this.#put(chunk as Buffer)
  }

  /** Writes what waits. */
  async flush(): Promise<void> {
    const text = this.#waiting.join('')
    this.#waiting = []
    this.#waitingLength = 0
    if (text !== '') await this.#put(text)
  }

  async #put(content: string | Buffer): Promise<void> {
    try {
      await appendFile(this.path, content)
    } catch (error) {
      throw writeError(this.#finalPath, error)
    }
  }
}
