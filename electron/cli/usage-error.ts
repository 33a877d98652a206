import { UserFacingError } from '../contract/errors.ts'

/** The command line was not understood; the sentence says which part and `help` shows how it is used. */
export class UsageError extends UserFacingError {
  constructor(sentence: string) {
    super('usage', withoutCredentials(sentence))
  }
}

/**
 * A text with the credentials of addresses in it hidden: an address in the wrong place must not be repeated with its
 * password. A password may hold anything, so all up to the last @ is taken for one, and without an @ the whole address
 * of a queue.
 */
export function withoutCredentials(text: string): string {
  const hidden = text.replace(/([a-z][a-z0-9+.-]*:\/+)[^]*@/gi, '$1***@')
  return hidden.replace(/(rediss?:\/+)(?!\/|\*\*\*@)[^\s"']*/gi, '$1***')
}
