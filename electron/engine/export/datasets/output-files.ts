import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeError } from '../export-errors.ts'
import { stageFile, stageFolder, type StagedOutput } from '../staged-output.ts'
import { TextFile } from './text-file.ts'

/** A folder that fills up under a temporary name. */
export interface OutputFolder {
  readonly finalPath: string
  write(fileName: string, content: Uint8Array | string): Promise<void>
}

/**
 * The files and folders of one export. All grow under temporary names and take their own together at the end, so that
 * nobody takes half a data set for a whole one.
 */
export class OutputFiles {
  readonly #root: string
  readonly #staged: StagedOutput[] = []
  /** Without a final name: only needed while the export runs. */
  readonly #scratch: StagedOutput[] = []
  readonly #texts: TextFile[] = []

  constructor(root: string) {
    this.#root = root
  }

  /** @throws ExportFolderNotWritable, ExportDiskFull */
  async text(...place: string[]): Promise<TextFile> {
    return this.#open(await stageFile(join(this.#root, ...place)), this.#staged, 256 * 1024)
  }

  /** A text that is gone when the export ends: parts that have their place behind others. */
  async scratch(name: string): Promise<TextFile> {
    return this.#open(await stageFile(join(this.#root, `.${name}`)), this.#scratch, 64 * 1024)
  }

  /**
   * @param isOurs names of an earlier export's files, which go when this one takes its place
   * @throws ExportFolderNotWritable, ExportDiskFull
   */
  async folder(place: readonly string[], isOurs: (fileName: string) => boolean): Promise<OutputFolder> {
    const staged = await stageFolder(join(this.#root, ...place), isOurs)
    this.#staged.push(staged)
    return {
      finalPath: staged.finalPath,
      async write(fileName, content) {
        try {
          await writeFile(join(staged.temporaryPath, fileName), content)
        } catch (error) {
          throw writeError(join(staged.finalPath, fileName), error)
        }
      },
    }
  }

  /** Writes what waits, so that all can be read where `at` says. */
  async flush(): Promise<void> {
    for (const text of this.#texts) await text.flush()
  }

  /** Where the file or folder of a place lies until `commit`. */
  at(...place: string[]): string {
    const finalPath = join(this.#root, ...place)
    return this.#staged.find((staged) => staged.finalPath === finalPath)?.temporaryPath ?? finalPath
  }

  /** Gives everything its final name. */
  async commit(): Promise<void> {
    for (const staged of this.#staged) await staged.commit()
    for (const staged of this.#scratch) await staged.discard()
  }

  /** Removes everything that has no final name yet. Harmless after `commit`. */
  async discard(): Promise<void> {
    // Last made first, so that the one that made a folder for all finds it empty.
    for (const staged of [...this.#staged, ...this.#scratch].toReversed()) await staged.discard()
  }

  #open(staged: StagedOutput, list: StagedOutput[], chunkLength: number): TextFile {
    list.push(staged)
    const text = new TextFile(staged.temporaryPath, staged.finalPath, chunkLength)
    this.#texts.push(text)
    return text
  }
}
