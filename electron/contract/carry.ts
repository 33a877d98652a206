import { z } from 'zod'
import { LIMITS } from './limits.ts'
import { runLengthMaskSchema } from './mask.ts'
import { frameIndexSchema, idSchema, objectIdsSchema, textSchema, unitIntervalSchema } from './scalars.ts'

/** From this confidence on a hit is taken where nobody looks at it. */
export const DEFAULT_CARRY_CONFIDENCE = 0.5
/** What is less likely is no hit, unless somebody asks for it. */
export const LEAST_CARRY_CONFIDENCE = 0.2

const videoIdsSchema = z.array(idSchema).min(1).max(LIMITS.videos)

/** Objects to find in further videos, as they look in those where they are labelled. */
export const carryRequestSchema = z.strictObject({
  objectIds: objectIdsSchema,
  /** Videos to search. They teach nothing, even where an object is labelled in them. */
  videoIds: videoIdsSchema,
})
export type CarryRequest = z.infer<typeof carryRequestSchema>

/** An object found in a shot of a video. Nothing of it is in the project until it is accepted. */
export const carryHitSchema = z.strictObject({
  hitId: idSchema,
  objectId: idSchema,
  videoId: idSchema,
  /** Where it is seen best in the shot. */
  frameIndex: frameIndexSchema,
  mask: runLengthMaskSchema,
  /** 0 to 1. */
  confidence: unitIntervalSchema,
  /** IoU on the way back to the examples, 0 to 1. */
  agreement: unitIntervalSchema,
})
export type CarryHit = z.infer<typeof carryHitSchema>

export const carryHitsSchema = z.array(carryHitSchema).max(10_000)

export const carryProgressSchema = z.strictObject({
  carryId: idSchema,
  state: z.enum(['waiting', 'running', 'finished', 'cancelled', 'failed']),
  /** Frames that were looked at, of those that are to be. */
  framesDone: z.int().min(0),
  framesTotal: z.int().min(0),
  secondsLeft: z.number().min(0).nullable(),
  failure: textSchema.nullable(),
  /** All that is found so far. */
  hits: carryHitsSchema,
})
export type CarryProgress = z.infer<typeof carryProgressSchema>
