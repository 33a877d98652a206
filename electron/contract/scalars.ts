import { z } from 'zod'
import { LIMITS } from './limits.ts'

/** Whole numbers that name a record of the project. Never reused, not even after undo. */
export const idSchema = z.int().min(1).max(Number.MAX_SAFE_INTEGER)

/** Position in presentation order, from 0. */
export const frameIndexSchema = z.int().min(0).max(LIMITS.frameIndex)

/** A span of frames, both ends included. */
export const frameSpanSchema = z
  .strictObject({ first: frameIndexSchema, last: frameIndexSchema })
  .refine((span) => span.first <= span.last, 'first must not be after last')
export type FrameSpan = z.infer<typeof frameSpanSchema>

export const sidePxSchema = z.int().min(1).max(LIMITS.sidePx)

/** A place in source pixels; may lie outside the picture while dragging, so only finite and bounded. */
export const coordinateSchema = z
  .number()
  .min(-LIMITS.sidePx)
  .max(2 * LIMITS.sidePx)

/** Words a person typed: no control characters, not blank, trimmed. */
export const nameSchema = z
  .string()
  .max(LIMITS.nameLength)
  // eslint-disable-next-line no-control-regex
  .regex(/^[^\u0000-\u001f\u007f]*$/u, 'must not contain control characters')
  .transform((text) => text.trim())
  .refine((text) => text.length > 0, 'must not be blank')

export const textSchema = z.string().max(LIMITS.textLength)

/** An opaque colour, `#rrggbb`, lower case. */
export const colourSchema = z.string().regex(/^#[0-9a-f]{6}$/, 'must be #rrggbb in lower case')

export const unitIntervalSchema = z.number().min(0).max(1)

export const secondsSchema = z.number().min(-1e9).max(1e9)

export const byteCountSchema = z.int().min(0).max(Number.MAX_SAFE_INTEGER)

/** Milliseconds since 1970. */
export const instantSchema = z.int().min(0).max(8.64e15)

/** Grows by one with each change of the project that was written to disk. */
export const revisionSchema = z.int().min(0).max(Number.MAX_SAFE_INTEGER)

/**
 * Stands for a file or folder that the person chose in a dialog of the host. The renderer never sees or sends a path;
 * the host keeps the table from token to path and purpose, and forgets it with the window.
 */
export const fileTokenSchema = z.string().regex(/^[A-Za-z0-9_-]{22,64}$/, 'must be a file token')
export type FileToken = z.infer<typeof fileTokenSchema>

/** Objects of one call: at least one, none twice. */
export const objectIdsSchema = z
  .array(idSchema)
  .min(1)
  .max(LIMITS.objects)
  .refine((ids) => new Set(ids).size === ids.length, 'must not name an object twice')
