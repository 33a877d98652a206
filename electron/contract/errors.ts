/**
 * An error whose message is a sentence for the person at the screen: what happened and what to do.
 * `code` is stable and machine-readable; it crosses process borders with the sentence, the cause stays in the log.
 */
export class UserFacingError extends Error {
  readonly code: string

  constructor(code: string, sentence: string, options?: { cause?: unknown }) {
    super(sentence, options)
    this.code = code
    this.name = new.target.name
  }
}
