import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { UserFacingError } from '../../../contract/errors.ts'
import { contentOf } from '../store/stored-files.ts'

/** A file is another one now than when the job was made of it. */
export class FileChanged extends UserFacingError {
  constructor(path: string) {
    super(
      'file-changed',
      `${basename(path)} was changed after its job was made. Give the job again to have the file as it is now.`,
    )
  }
}

/** Watches that a file of this machine stays what its job is named by. */
export class LocalVideo {
  readonly path: string
  readonly #sha256: string
  #seen = ''

  constructor(path: string, sha256: string) {
    this.path = path
    this.#sha256 = sha256
  }

  /** Reads the file. @throws FileChanged where it has other content or is gone */
  async requireContent(): Promise<void> {
    const seen = await this.#look()
    const found = await contentOf(this.path).catch(() => null)
    if (found?.sha256 !== this.#sha256) throw new FileChanged(this.path)
    this.#seen = seen
  }

  /** Reads it only where the file system tells of a change. @throws FileChanged */
  async requireUntouched(): Promise<void> {
    if ((await this.#look()) !== this.#seen) await this.requireContent()
  }

  async #look(): Promise<string> {
    const found = await stat(this.path, { bigint: true }).catch(() => null)
    return found === null ? '' : [found.ino, found.size, found.mtimeNs, found.ctimeNs].join()
  }
}
