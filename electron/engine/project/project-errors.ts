import { UserFacingError } from '../../contract/errors.ts'

/** Another window or process has the project open. */
export class ProjectInUseError extends UserFacingError {
  constructor(fileName: string, options?: { cause?: unknown }) {
    super(
      'ProjectInUse',
      `${fileName} is open in another window or program. Close it there, then open it again.`,
      options,
    )
  }
}

/** Nothing of the edit was kept; everything before it is on disk. */
export class ProjectDiskFullError extends UserFacingError {
  constructor(options?: { cause?: unknown }) {
    super(
      'ProjectDiskFull',
      'The disk is full: this edit could not be saved and was taken back. Everything before it is safe. Make room and try again.',
      options,
    )
  }
}

export class ProjectWriteError extends UserFacingError {
  constructor(options?: { cause?: unknown }) {
    super(
      'ProjectWriteFailed',
      'The project file could not be written: this edit was taken back. Everything before it is safe. Check the disk, then try again.',
      options,
    )
  }
}

export class ProjectReadOnlyError extends UserFacingError {
  constructor(fileName: string, options?: { cause?: unknown }) {
    super(
      'ProjectReadOnly',
      `${fileName} or its folder may not be written to. Copy the project to a folder of your own and open it there.`,
      options,
    )
  }
}

export class ProjectMissingError extends UserFacingError {
  constructor(fileName: string, options?: { cause?: unknown }) {
    super('ProjectMissing', `${fileName} is not there any more. It may have been moved or renamed.`, options)
  }
}

/** The open file lost its name to another one, or to none: what is written to it now would be found by nobody. */
export class ProjectMovedError extends UserFacingError {
  constructor(fileName: string) {
    super(
      'ProjectMoved',
      `${fileName} was moved, deleted or replaced by another program: this edit could not be saved and was taken back. Put the file back where it was and try again, or open the project anew.`,
    )
  }
}

export class ProjectExistsError extends UserFacingError {
  constructor(fileName: string) {
    super('ProjectExists', `${fileName} exists already. Choose another name.`)
  }
}

export class ProjectNameTooLongError extends UserFacingError {
  constructor(options?: { cause?: unknown }) {
    super(
      'ProjectNameTooLong',
      'This disk does not take file names as long as this one. Choose a shorter one.',
      options,
    )
  }
}

export class NotAProjectError extends UserFacingError {
  constructor(fileName: string, options?: { cause?: unknown }) {
    super('NotAProject', `${fileName} is not a Maskwright project. It was left as it is.`, options)
  }
}

/** The file was made by a newer version of the app; not a byte of it was touched. */
export class ProjectTooNewError extends UserFacingError {
  constructor(fileName: string) {
    super(
      'ProjectTooNew',
      `${fileName} was saved by a newer version of Maskwright. Update Maskwright to open it. The file was left as it is.`,
    )
  }
}

/** More than this app holds at once; not a byte of the file was touched. */
export class ProjectTooLargeError extends UserFacingError {
  constructor(what: string, most: number) {
    super(
      'ProjectTooLarge',
      `The project holds more ${what} than Maskwright can open (${String(most)} at most). The file was left as it is.`,
    )
  }
}

/** Damage that was met while the project is open. */
export class ProjectDamagedError extends UserFacingError {
  constructor(options?: { cause?: unknown }) {
    super(
      'ProjectDamaged',
      'A part of the project file cannot be read. Close the project and open it again: what is whole will be kept, with a copy of the damaged file.',
      options,
    )
  }
}

export class ProjectClosedError extends UserFacingError {
  constructor() {
    super('ProjectClosed', 'The project is closed. Open it again.')
  }
}

/** An edit names something that is not in the project (any more). */
export class UnknownRecordError extends UserFacingError {
  constructor(what: string) {
    super('UnknownRecord', `This ${what} is not in the project any more.`)
  }
}

export class ObjectLockedError extends UserFacingError {
  constructor(name: string) {
    super('ObjectLocked', `${name} is locked. Unlock it to change its prompts or masks.`)
  }
}

export class FrameOutsideVideoError extends UserFacingError {
  constructor(frameIndex: number, frameCount: number) {
    super(
      'FrameOutsideVideo',
      `Frame ${String(frameIndex)} is outside the video, which has ${String(frameCount)} frames.`,
    )
  }
}

export class MaskOfOtherSizeError extends UserFacingError {
  constructor(expected: readonly [number, number], found: readonly [number, number]) {
    const words = (size: readonly [number, number]): string => `${String(size[1])} × ${String(size[0])}`
    super('MaskOfOtherSize', `The mask has ${words(found)} pixels, but the video has ${words(expected)}.`)
  }
}

/** A value outside the bounds of the file's format: written, it would be read as damage. */
export class UnkeepableRecordError extends UserFacingError {
  constructor(options?: { cause?: unknown }) {
    super(
      'UnkeepableRecord',
      'This holds something that a project file cannot keep, so nothing was changed. Everything before it is safe.',
      options,
    )
  }
}

export class InvalidEditError extends UserFacingError {
  constructor(sentence: string) {
    super('InvalidEdit', sentence)
  }
}

/** Masks came for a run that was cancelled, undone or finished. */
export class TrackRunEndedError extends UserFacingError {
  constructor() {
    super('TrackRunEnded', 'This tracking run has ended. What it made before is kept.')
  }
}
