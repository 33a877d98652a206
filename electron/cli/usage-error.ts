import { UserFacingError } from '../contract/errors.ts'

/** The command line was not understood; the sentence says which part and `help` shows how it is used. */
export class UsageError extends UserFacingError {
  constructor(sentence: string) {
    super('usage', sentence)
  }
}
