import { UserFacingError } from '../contract/errors.ts'

/** Something that this host cannot do, though the contract knows it. */
export class NotInThisHost extends UserFacingError {
  constructor(sentence: string) {
    super('NotInThisHost', sentence)
  }
}

/** The answer of a copy that does not come from a package with an address for newer ones. */
export function noUpdates(): Promise<never> {
  return Promise.reject(new NotInThisHost('This copy of Maskwright does not look for newer versions.'))
}
