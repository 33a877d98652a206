import type { RunLengthMask } from '../../contract/mask.ts'
import type { MaskScores } from '../../contract/tracking.ts'

/** A frame that a data set speaks of. What is not said is null. */
export interface ImportedFrame {
  /** File name of its picture without folder and ending. */
  readonly name: string | null
  /** Position in the film that was labelled, from 0. */
  readonly number: number | null
}

export interface ImportedObject {
  readonly name: string
  readonly className: string | null
  /** `#rrggbb`. */
  readonly colour: string | null
}

export interface ImportedMask {
  /** Places in the lists of frames and objects. */
  readonly frame: number
  readonly object: number
  readonly mask: RunLengthMask
  readonly scores: MaskScores | null
}

export interface SkippedItem {
  readonly what: string
  readonly why: string
}

/** All that was read of a data set, checked, before the project is touched. */
export interface ImportedLabels {
  readonly frames: readonly ImportedFrame[]
  readonly objects: readonly ImportedObject[]
  /** With pixels; one at most for each frame and object. */
  readonly masks: readonly ImportedMask[]
  /** Whether objects are the same from frame to frame, so that a frame without one says that it is absent. */
  readonly hasIdentities: boolean
  /** Film or folder of pictures that belongs to the data set. */
  readonly mediaPath: string | null
  readonly skipped: readonly SkippedItem[]
  readonly skippedCount: number
}

export interface PictureSize {
  readonly widthPx: number
  readonly heightPx: number
}

/** What a reader is given. */
export interface ImportSource {
  /** File or folder. */
  readonly path: string
  /** Which of several sequences, splits or files; null where there is one. */
  readonly sequence: string | null
  /** Of the video that the masks will belong to, where it is known already. */
  readonly videoSize: PictureSize | null
}

/** Reads one format. Touches nothing but what it reads. */
export interface LabelReader {
  /** Whether the path looks like this format; for a hint, not a promise. */
  detect(path: string): Promise<boolean>
  /** @throws the errors of `import-errors.ts`, MaskFormatError */
  read(source: ImportSource): Promise<ImportedLabels>
}
