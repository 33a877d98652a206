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

/** The tracker thread was asked for something before it has a model. */
export class TrackerNotLoaded extends UserFacingError {
  constructor() {
    super('model-not-loaded', 'The model is not loaded yet. Try again in a moment.')
  }
}

/** The model was changed while a run used it. */
export class UnknownTrack extends UserFacingError {
  constructor() {
    super('track-ended', 'The model was changed while it tracked. Resume the run to go on with the new one.')
  }
}

/** The thread that runs the model ended by itself. */
export class TrackerGone extends UserFacingError {
  constructor(cause: unknown) {
    super(
      'tracker-gone',
      'The part that runs the model has stopped. It is started again with the next click; what was saved is safe.',
      { cause },
    )
  }
}
