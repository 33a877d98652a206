import { ModelError } from '../../models/errors.ts'
import { UserFacingError } from '../contract/errors.ts'

/** The sentence that an error has for the person; null for a defect of ours, which goes to the log whole. */
export function failureSentence(error: unknown): string | null {
  return error instanceof UserFacingError || error instanceof ModelError ? error.message : null
}
