import { z } from 'zod'
import { revisionSchema } from './scalars.ts'

/** One call of the renderer. `handledBy` says which side of the host answers it. */
export interface CommandDefinition<Params extends z.ZodType, Result extends z.ZodType> {
  readonly params: Params
  readonly result: Result
  /** Changes the project: it is acknowledged only when it is on disk, and it takes a mark. */
  readonly mutates: boolean
  readonly handledBy: 'engine' | 'host'
}

/** No parameters. */
export const nothingSchema = z.strictObject({})

/** Answer of an edit that has nothing more to say. */
export const revisionResultSchema = z.strictObject({ revision: revisionSchema })

/** A call that only reads, or acts outside the project's data. */
export function query<Params extends z.ZodType, Result extends z.ZodType>(
  params: Params,
  result: Result,
): CommandDefinition<Params, Result> & { readonly handledBy: 'engine' } {
  return { params, result, mutates: false, handledBy: 'engine' }
}

/** A call that changes the project. */
export function edit<Params extends z.ZodType, Result extends z.ZodType>(
  params: Params,
  result: Result,
): CommandDefinition<Params, Result> & { readonly handledBy: 'engine' } {
  return { params, result, mutates: true, handledBy: 'engine' }
}

/** A call that the host answers itself: dialogs, files, windows. */
export function hostQuery<Params extends z.ZodType, Result extends z.ZodType>(
  params: Params,
  result: Result,
): CommandDefinition<Params, Result> & { readonly handledBy: 'host' } {
  return { params, result, mutates: false, handledBy: 'host' }
}
