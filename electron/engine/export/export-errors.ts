import { UserFacingError } from '../../contract/errors.ts'

/** The disk of the output folder is full, or a quota is used up. What was half written is removed. */
export class ExportDiskFull extends UserFacingError {
  constructor(path: string, cause?: unknown) {
    super(
      'export-disk-full',
      `The disk is full: ${path} could not be written. Free some space and export again.`,
      {
        cause,
      },
    )
  }
}

/** The output folder cannot be written to: read-only, no permission, or a file stands in its place. */
export class ExportFolderNotWritable extends UserFacingError {
  constructor(path: string, why: string, cause?: unknown) {
    super('export-folder-not-writable', `${path} cannot be written: ${why}. Choose another output folder.`, {
      cause,
    })
  }
}

/** ffmpeg ended before the film was complete, or does not know the codec. */
export class ExportEncoderFailed extends UserFacingError {
  constructor(path: string, why: string, cause?: unknown) {
    super('export-encoder-failed', `${path} could not be made: ${why}`, { cause })
  }
}

/** What was written does not agree with the source. */
export class ExportMismatch extends UserFacingError {
  readonly differences: readonly string[]

  constructor(differences: readonly string[]) {
    super('export-mismatch', `The export does not agree with its source: ${differences.join('; ')}.`)
    this.differences = differences
  }
}

/** Frames came in the wrong order, of the wrong size, or not at all where they had to. */
export class ExportFrameRefused extends UserFacingError {
  constructor(why: string) {
    super('export-frame-refused', `The export was given a frame that does not fit: ${why}.`)
  }
}

/** The format cannot tell so many objects apart. */
export class ExportTooManyObjects extends UserFacingError {
  constructor(count: number, limit: number) {
    super(
      'export-too-many-objects',
      `This format holds ${limit} objects at most, not ${count}: export them in parts.`,
    )
  }
}

/** The format cannot tell so many classes apart. */
export class ExportTooManyClasses extends UserFacingError {
  constructor(count: number, limit: number) {
    super(
      'export-too-many-classes',
      `This format holds ${limit} classes at most, not ${count}: export them in parts.`,
    )
  }
}

/** Nothing is left to export: no video, no object, no frame. */
export class NothingToExport extends UserFacingError {
  constructor(why: string) {
    super('nothing-to-export', `There is nothing to export: ${why}.`)
  }
}

/** Files of an earlier export lie where this one would write. */
export class ExportExists extends UserFacingError {
  constructor(path: string) {
    super('export-exists', `${path} exists already. Choose another folder, or allow it to be replaced.`)
  }
}

const refusals: Readonly<Record<string, string>> = {
  EACCES: 'permission was denied',
  EPERM: 'permission was denied',
  EROFS: 'its file system is read-only',
  ENOTDIR: 'a file stands where a folder is needed',
  EEXIST: 'a file stands where a folder is needed',
  EISDIR: 'a folder stands in its place',
  ENOTEMPTY: 'a folder stands in its place',
  ENOENT: 'its folder is gone',
  ENAMETOOLONG: 'the name is too long for this file system',
}

/** Turns an error of the file system into a sentence; other errors and sentences that are there stay as they are. */
export function writeError(path: string, cause: unknown): unknown {
  if (cause instanceof UserFacingError || !(cause instanceof Error)) return cause
  const code = (cause as NodeJS.ErrnoException).code
  if (code === 'ENOSPC' || code === 'EDQUOT') return new ExportDiskFull(path, cause)
  const why = code === undefined ? undefined : refusals[code]
  return why === undefined ? cause : new ExportFolderNotWritable(path, why, cause)
}
