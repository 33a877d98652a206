import { UserFacingError } from '../contract/errors.ts'
import { TRANSPORT_CODES } from '../contract/failure.ts'

/** The engine's process ended, or does not answer, so a call cannot be answered. */
export class EngineUnavailable extends UserFacingError {
  constructor(sentence: string, cause?: unknown) {
    super(TRANSPORT_CODES.engineUnavailable, sentence, { cause })
  }
}
