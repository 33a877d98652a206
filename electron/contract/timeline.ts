import { z } from 'zod'
import { LIMITS } from './limits.ts'
import { frameIndexSchema, idSchema, revisionSchema, unitIntervalSchema } from './scalars.ts'
import { suspectReasonSchema } from './tracking.ts'

/** A stretch of a lane. `stale` was tracked before the last correction; `absent` was tracked and found empty. */
export const laneSpanSchema = z.strictObject({
  first: frameIndexSchema,
  last: frameIndexSchema,
  state: z.enum(['tracked', 'stale', 'absent', 'staleAbsent']),
})
export type LaneSpan = z.infer<typeof laneSpanSchema>

const columnSchema = z.array(unitIntervalSchema.nullable()).max(LIMITS.qualityBuckets)

/**
 * The quality strip, downsampled: column i covers `framesPerBucket` frames from `first + i * framesPerBucket`. Columns
 * without a scored mask are null.
 */
export const qualitySchema = z.strictObject({
  framesPerBucket: z
    .int()
    .min(1)
    .max(LIMITS.frameIndex + 1),
  /** Lowest predicted IoU in the column. */
  predictedIou: columnSchema,
  /** Highest suspicion in the column. */
  suspicion: columnSchema,
})
export type Quality = z.infer<typeof qualitySchema>

export const suspectSchema = z.strictObject({
  frameIndex: frameIndexSchema,
  suspicion: unitIntervalSchema,
  reasons: z.array(suspectReasonSchema),
})
export type Suspect = z.infer<typeof suspectSchema>

/** All that a lane of the timeline draws. Presence that the person set is in the project itself. */
export const laneSchema = z.strictObject({
  objectId: idSchema,
  /** In frame order, without overlap. */
  spans: z.array(laneSpanSchema).max(LIMITS.prompts),
  keyframes: z.array(frameIndexSchema).max(LIMITS.spans),
  quality: qualitySchema,
  /** Frames on which it is suspect. */
  suspectCount: z.int().min(0),
})
export type Lane = z.infer<typeof laneSchema>

export const timelineSummarySchema = z.strictObject({
  revision: revisionSchema,
  videoId: idSchema,
  first: frameIndexSchema,
  last: frameIndexSchema,
  lanes: z.array(laneSchema).max(LIMITS.objects),
  /** Frames on which at least one of these objects is suspect. */
  suspectCount: z.int().min(0),
})
export type TimelineSummary = z.infer<typeof timelineSummarySchema>
