import { ModelError } from '../errors.ts'

/** Every address failed; what had come stays on disk, and the next try goes on from there. */
export class DownloadFailed extends ModelError {
  constructor(file: string, reasons: readonly string[]) {
    super('download-failed', `${file} could not be downloaded. ${[...new Set(reasons)].join(' ')}`)
  }
}

/** The file does not fit on the disk. */
export class NotEnoughDiskSpace extends ModelError {
  constructor(folder: string, neededBytes: number, options?: { cause?: unknown }) {
    const megabytes = Math.ceil(neededBytes / 1e6)
    super(
      'not-enough-disk-space',
      `There is not enough space in ${folder}: ${megabytes} MB more are needed.`,
      options,
    )
  }
}

/** The file system does not take the file: a folder that may not be written to, a file where a folder should be. */
export class FolderUnusable extends ModelError {
  constructor(folder: string, cause: NodeJS.ErrnoException) {
    super('folder-unusable', `${folder} does not take the file (${cause.code ?? cause.message}).`, { cause })
  }
}

/** An error of our own file system; another address would not help. */
export function isDiskError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'errno' in error && !(error instanceof TypeError)
}

/** The caller stopped the download; what had come stays on disk. */
export class DownloadCancelled extends ModelError {
  constructor(file: string) {
    super('download-cancelled', `The download of ${file} was stopped. It can be continued later.`)
  }
}

/** Another process, or this one, is downloading the same file. */
export class DownloadInProgress extends ModelError {
  constructor(file: string) {
    super('download-in-progress', `${file} is being downloaded already.`)
  }
}

/** Why one attempt at one address failed. */
export class AttemptFailed extends Error {
  /** Whether trying this address again makes no sense. */
  readonly permanent: boolean
  /** Whether what came so far stands in the way of the next attempt. */
  readonly startOver: boolean
  /** How long the server asks to wait. */
  readonly retryAfterMs: number

  constructor(
    reason: string,
    options: { permanent?: boolean; startOver?: boolean; retryAfterMs?: number; cause?: unknown } = {},
  ) {
    super(reason, { cause: options.cause })
    this.permanent = options.permanent ?? false
    this.startOver = options.startOver ?? false
    this.retryAfterMs = options.retryAfterMs ?? 0
  }
}
