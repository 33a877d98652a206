import { basename } from 'node:path'
import { UserFacingError } from '../../contract/errors.ts'

/** There is no file or folder where the data set should be, or it may not be read. */
export class ImportSourceMissing extends UserFacingError {
  constructor(path: string, cause?: unknown) {
    super('import-source-missing', `There is no readable file or folder at ${path}.`, { cause })
  }
}

/** What lies there is something else. */
export class ImportNotThisFormat extends UserFacingError {
  constructor(path: string, format: string, missing: string, hint = '') {
    super('import-not-this-format', `${basename(path)} is no ${format} data set: ${missing}.${hint}`)
  }
}

/** A file of the data set cannot be read: cut off, of wrong types, or against its format. */
export class ImportDamaged extends UserFacingError {
  constructor(path: string, what: string, cause?: unknown) {
    super('import-damaged', `${basename(path)} cannot be imported: ${what}.`, { cause })
  }
}

/** More than a project can hold, or than memory should. */
export class ImportTooLarge extends UserFacingError {
  constructor(what: string) {
    super('import-too-large', `This data set is too large to be imported at once: ${what}.`)
  }
}

/** A path within the data set leads out of its folder. */
export class ImportPathOutside extends UserFacingError {
  constructor(path: string) {
    super(
      'import-path-outside',
      `The data set names ${JSON.stringify(path.slice(0, 200))}, which lies outside its folder. Nothing was imported.`,
    )
  }
}

/** The data set brings no pictures, and none were given. */
export class ImportNeedsVideo extends UserFacingError {
  constructor() {
    super(
      'import-needs-video',
      'This data set has no pictures of its own: name the video that its masks belong to.',
    )
  }
}

/** The data set holds several films, files or splits. */
export class ImportNeedsSequence extends UserFacingError {
  constructor(names: readonly string[], wanted: string | null) {
    const shown = names.slice(0, 12).join(', ') + (names.length > 12 ? ', …' : '')
    const what =
      wanted === null
        ? `This data set holds ${names.length} sequences: choose one of them`
        : `There is no sequence "${wanted}" in this data set. It has`
    super('import-needs-sequence', `${what} (${shown}).`)
  }
}

/** All that was read had to be skipped, or there was nothing. */
export class ImportNothingLeft extends UserFacingError {
  constructor(why: string | null) {
    const reason = why?.replace(/\.$/, '') ?? 'the data set has no masks'
    super('import-nothing-left', `There is nothing to import: ${reason}.`)
  }
}

/** Somebody wants to import a project into itself. */
export class ImportIntoItself extends UserFacingError {
  constructor() {
    super('import-into-itself', 'A project cannot be imported into itself. Choose another one.')
  }
}
