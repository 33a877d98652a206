import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DecodedFrame, VideoSource } from '../video/video-source.ts'
import { allOf } from './all-of.ts'
import { writeError } from './export-errors.ts'
import { FrameGate } from './frame-gate.ts'
import { frameNumber, isFrameFileName, type FrameNumbering } from './frame-naming.ts'
import type { FrameMasks, FrameSink, WrittenOutput } from './frame-sink.ts'
import { stageFolder, type StagedOutput } from './staged-output.ts'

/** A folder of numbered PNG, one a frame. */
export interface PictureSequence {
  readonly folder: string
  /** The frame's file, complete. */
  encode(frame: DecodedFrame, masks: FrameMasks): Uint8Array | Promise<Uint8Array>
}

export interface PictureSinkOptions {
  readonly source: VideoSource
  readonly sequences: readonly PictureSequence[]
  /** Number of the source's first frame in the file names; 0 unless given. */
  readonly numberingStart?: number
}

/**
 * One or more folders of PNG, numbered as the source's frames are. The folders grow under temporary names and take
 * their own when complete; an earlier export in their place goes then, with all its frames, so that no old picture is
 * left among the new ones. Other files in it stay.
 * @throws ExportFolderNotWritable, ExportDiskFull when a folder refuses, before any frame is taken
 */
export async function openPictureSink(options: PictureSinkOptions): Promise<FrameSink> {
  const staged: StagedOutput[] = []
  try {
    for (const { folder } of options.sequences)
      staged.push(await stageFolder(folder, (name) => isFrameFileName(name, 'png')))
  } catch (error) {
    for (const one of staged.toReversed()) await one.discard()
    throw error
  }
  return new PictureSink(options, staged)
}

class PictureSink implements FrameSink {
  readonly #sequences: readonly PictureSequence[]
  readonly #staged: readonly StagedOutput[]
  readonly #gate: FrameGate
  readonly #numbering: FrameNumbering

  constructor({ source, sequences, numberingStart }: PictureSinkOptions, staged: readonly StagedOutput[]) {
    this.#sequences = sequences
    this.#staged = staged
    this.#gate = new FrameGate(source)
    this.#numbering = { frameCount: source.frameCount, numberingStart: numberingStart ?? 0 }
  }

  async write(frame: DecodedFrame, masks: FrameMasks): Promise<void> {
    this.#gate.pass(frame, masks)
    const name = `${frameNumber(frame.frameIndex, this.#numbering)}.png`
    await allOf(
      this.#sequences.map(async (sequence, index) => {
        const { temporaryPath, finalPath } = this.#staged[index]!
        const bytes = await sequence.encode(frame, masks)
        try {
          await writeFile(join(temporaryPath, name), bytes)
        } catch (error) {
          throw writeError(join(finalPath, name), error)
        }
      }),
    )
  }

  async finish(): Promise<readonly WrittenOutput[]> {
    if (this.#gate.passed.length === 0) {
      await this.abort()
      return []
    }
    const stems = this.#gate.passed.map((frameIndex) => frameNumber(frameIndex, this.#numbering))
    return this.#staged.map(({ finalPath, temporaryPath }) => ({
      kind: 'pictures',
      folder: finalPath,
      stagedFolder: temporaryPath,
      extension: 'png',
      stems,
    }))
  }

  async commit(): Promise<void> {
    if (this.#gate.passed.length === 0) return
    for (const one of this.#staged) await one.commit()
  }

  async abort(): Promise<void> {
    for (const one of this.#staged.toReversed()) await one.discard()
  }
}
