import { UserFacingError } from '../../contract/errors.ts'

/** A prompt that cannot be meant: no points and no box, a box without area, outside the picture or the video. */
export class InvalidPrompt extends UserFacingError {
  constructor(sentence: string) {
    super('invalid-prompt', sentence)
  }
}

/** Tracking was asked for an object that has no prompts, or for none at all. */
export class NothingToTrack extends UserFacingError {
  constructor(sentence: string) {
    super('nothing-to-track', sentence)
  }
}

/** An object id that the predictor does not know. */
export class UnknownObject extends UserFacingError {
  constructor(objectId: number) {
    super('unknown-object', `There is no object ${objectId}.`)
  }
}
