import { z } from 'zod'
import { isCommandName, type CommandName, type CommandResult } from './commands.ts'
import { isEventName, type EventName, type EventPayload } from './events.ts'
import { failureSchema, type Failure } from './failure.ts'
import { markSchema } from './history.ts'

/** Counts up in each renderer, so that answers find their call. */
const callIdSchema = z.int().min(0).max(Number.MAX_SAFE_INTEGER)

/**
 * Renderer to host. `params` is unknown here and goes through the command's own schema next; `mark` counts only for
 * commands that mutate.
 */
export const requestMessageSchema = z.strictObject({
  id: callIdSchema,
  command: z.string().max(64).refine(isCommandName, 'must be a known command'),
  params: z.unknown(),
  mark: markSchema.optional(),
})
export type RequestMessage = z.infer<typeof requestMessageSchema>

export const responseMessageSchema = z.union([
  z.strictObject({ id: callIdSchema, ok: z.literal(true), result: z.unknown() }),
  z.strictObject({ id: callIdSchema, ...failureSchema.shape }),
])
export type ResponseMessage = z.infer<typeof responseMessageSchema>

export const eventMessageSchema = z.strictObject({
  event: z.string().max(64).refine(isEventName, 'must be a known event'),
  payload: z.unknown(),
})

/** Host to renderer. */
export type EventMessage = { [Name in EventName]: { event: Name; payload: EventPayload<Name> } }[EventName]

/** What a call ends in; callers look at `ok` first. */
export type CallOutcome<Name extends CommandName> = { ok: true; result: CommandResult<Name> } | Failure
