/** An error of the model layer; the message is a sentence that a user can act on, `code` is for programs. */
export class ModelError extends Error {
  readonly code: string

  constructor(code: string, sentence: string, options?: { cause?: unknown }) {
    super(sentence, options)
    this.code = code
    this.name = new.target.name
  }
}
