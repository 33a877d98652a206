import { ModelError } from '../../../models/errors.ts'
import { UserFacingError } from '../../contract/errors.ts'
import type { PassedError } from './tracker-protocol.ts'

export function passError(error: unknown): PassedError {
  const said = error instanceof UserFacingError || error instanceof ModelError
  const whole = error instanceof Error ? error : new Error(String(error))
  const cause = whole.cause instanceof Error ? `\ncaused by ${whole.cause.stack ?? whole.cause.message}` : ''
  return {
    code: said ? error.code : null,
    message: whole.message,
    stack: `${whole.stack ?? whole.message}${cause}`,
  }
}

/** The error at the other end: one with a sentence for the person keeps it, a defect stays a defect. */
export function receiveError({ code, message, stack }: PassedError): Error {
  const cause = new Error(message)
  cause.stack = stack
  return code === null ? cause : new UserFacingError(code, message, { cause })
}
