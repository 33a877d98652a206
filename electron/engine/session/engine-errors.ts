import { UserFacingError } from '../../contract/errors.ts'

export class NoProjectOpen extends UserFacingError {
  constructor() {
    super('NoProjectOpen', 'No project is open. Open or make one first.')
  }
}

/** A token that was not issued for this, was used up, or whose window is gone. */
export class UnknownFile extends UserFacingError {
  constructor() {
    super('UnknownFile', 'That file is not at hand any more. Choose it again.')
  }
}

/** The content of a frame address is not that of the video. */
export class OtherContent extends UserFacingError {
  constructor() {
    super('OtherContent', 'The video was replaced by another file. Load its pictures anew.')
  }
}

export class VideoNotFound extends UserFacingError {
  constructor(name: string) {
    super(
      'VideoNotFound',
      `The file of ${name} is not where the project expects it. Put it back, or point the project to its new place.`,
    )
  }
}

/** The file is there but is not the one that was labelled. */
export class VideoChanged extends UserFacingError {
  constructor(name: string) {
    super(
      'VideoChanged',
      `The file of ${name} is not the one that was labelled. Point the project to the original, or link this one.`,
    )
  }
}

export class ContentDiffers extends UserFacingError {
  constructor(name: string) {
    super(
      'ContentDiffers',
      `${name} has another content than the file that was labelled. Link it only if it is a copy of the same film.`,
    )
  }
}

export class ProjectGoneFromDisk extends UserFacingError {
  constructor() {
    super('ProjectMissing', 'This project is not in the list of recent projects any more. Open its file.')
  }
}

export class SampleMissing extends UserFacingError {
  constructor() {
    super('SampleMissing', 'The sample clip is not part of this installation. Open a video of your own.')
  }
}
