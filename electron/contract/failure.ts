import { z } from 'zod'
import { UserFacingError } from './errors.ts'
import { textSchema } from './scalars.ts'

/** How every failure crosses a process border: thrown errors would lose all but their message. */
export const failureSchema = z.strictObject({
  ok: z.literal(false),
  /** Stable, for programs: `ProjectInUse`. */
  code: z.string().regex(/^[A-Za-z][A-Za-z0-9]{0,63}$/),
  /** A sentence for the person at the screen: what happened, what is safe, what to do. */
  message: textSchema,
})
export type Failure = z.infer<typeof failureSchema>

/** Codes that the transport itself uses; all others belong to the room that raises them. */
export const TRANSPORT_CODES = {
  invalidMessage: 'InvalidMessage',
  unknownCommand: 'UnknownCommand',
  contractMismatch: 'ContractMismatch',
  engineUnavailable: 'EngineUnavailable',
  cancelled: 'Cancelled',
  unexpected: 'Unexpected',
} as const

/**
 * Turns whatever was thrown into a failure that may be shown. Only a `UserFacingError` keeps its words; anything else
 * could carry paths or internals and becomes a general sentence, its cause stays in the log.
 */
export function toFailure(error: unknown): Failure {
  if (error instanceof UserFacingError)
    return { ok: false, code: toCode(error.code), message: error.message.slice(0, 4_096) }
  return {
    ok: false,
    code: TRANSPORT_CODES.unexpected,
    message: 'Something went wrong inside Maskwright. What was saved is safe; the log says more.',
  }
}

/** `media-tools-missing` becomes `MediaToolsMissing`: one spelling on every line. */
function toCode(code: string): string {
  const words = code.split(/[^A-Za-z0-9]+/).filter((word) => word !== '')
  const joined = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')
  return /^[A-Za-z]/.test(joined) ? joined.slice(0, 64) : TRANSPORT_CODES.unexpected
}
