import { z } from 'zod'
import { edit, query, revisionResultSchema } from '../command.ts'
import { LIMITS } from '../limits.ts'
import { boxSchema } from '../prompts.ts'
import {
  frameIndexSchema,
  frameSpanSchema,
  idSchema,
  objectIdsSchema,
  revisionSchema,
  secondsSchema,
  unitIntervalSchema,
} from '../scalars.ts'
import { suspectSchema, timelineSummarySchema } from '../timeline.ts'
import {
  frameMasksSchema,
  maskScoresSchema,
  trackEstimateSchema,
  trackRequestSchema,
  trackRunSchema,
  trackVersionSchema,
} from '../tracking.ts'

const run = z.strictObject({ runId: idSchema })
const runResult = z.strictObject({ revision: revisionSchema, run: trackRunSchema })

export const trackingCommands = {
  'track.start': edit(trackRequestSchema, runResult),
  'track.pause': edit(run, runResult),
  /** Also for a run that a restart interrupted. */
  'track.resume': edit(run, runResult),
  /** Ends the run and keeps what it made. */
  'track.cancel': edit(run, runResult),
  'track.estimate': query(trackRequestSchema, trackEstimateSchema),

  /** Versions of an object in a video, newest first, with what they hold. */
  'versions.list': query(
    z.strictObject({ videoId: idSchema, objectId: idSchema }),
    z.strictObject({
      versions: z
        .array(
          z.strictObject({
            version: trackVersionSchema,
            first: frameIndexSchema,
            last: frameIndexSchema,
            frameCount: z.int().min(0),
            meanPredictedIou: unitIntervalSchema.nullable(),
            /** Frames on which it is the present one. */
            framesShown: z.int().min(0),
          }),
        )
        .max(LIMITS.spans),
    }),
  ),
  /** Makes a version the present one again over a span; frames that it does not hold stay as they are. */
  'versions.restoreSpan': edit(
    z.strictObject({ versionId: idSchema, span: frameSpanSchema }),
    revisionResultSchema,
  ),
  /** Takes the present masks away over a span; versions keep them. */
  'track.clearSpan': edit(
    z.strictObject({ videoId: idSchema, objectIds: objectIdsSchema, span: frameSpanSchema }),
    revisionResultSchema,
  ),

  /**
   * Present masks of a range, ordered by frame, then object, as many as fit; `nextFrame` says where to go on. With
   * `cleaned` they are as every export writes them, without as they were tracked.
   */
  'masks.get': query(
    z.strictObject({
      videoId: idSchema,
      objectIds: objectIdsSchema.nullable(),
      span: frameSpanSchema,
      cleaned: z.boolean(),
    }),
    z.strictObject({
      revision: revisionSchema,
      masks: frameMasksSchema,
      nextFrame: frameIndexSchema.nullable(),
    }),
  ),
  /** Masks of one version, present or not, to look at it beside the present one. */
  'versions.masks': query(
    z.strictObject({ versionId: idSchema, span: frameSpanSchema }),
    z.strictObject({ masks: frameMasksSchema, nextFrame: frameIndexSchema.nullable() }),
  ),
  'timeline.summary': query(
    z.strictObject({
      videoId: idSchema,
      /** null means all. */
      objectIds: objectIdsSchema.nullable(),
      span: frameSpanSchema,
      bucketCount: z.int().min(1).max(LIMITS.qualityBuckets),
    }),
    timelineSummarySchema,
  ),
  /** Where the next suspect stretch of any of the objects begins, or the one before. */
  'timeline.nextSuspect': query(
    z.strictObject({
      videoId: idSchema,
      objectIds: objectIdsSchema.nullable(),
      fromFrame: frameIndexSchema,
      /** The selected object: with the frame it says which of several stretches the person stands on. */
      fromObjectId: idSchema.nullable(),
      direction: z.enum(['forward', 'backward']),
    }),
    z.strictObject({
      suspect: z.strictObject({ objectId: idSchema, ...suspectSchema.shape }).nullable(),
    }),
  ),
  /** The part of a frame in which the model looks at an object there: on the way of a walk, and at a click. */
  'frame.view': query(
    z.strictObject({ videoId: idSchema, objectId: idSchema, frameIndex: frameIndexSchema }),
    z.strictObject({
      /** In source pixels; null for the whole frame, and where nothing is known of the object. */
      view: boxSchema.nullable(),
    }),
  ),
  /** All about one frame, for the panel on the right. */
  'frame.info': query(
    z.strictObject({ videoId: idSchema, frameIndex: frameIndexSchema }),
    z.strictObject({
      timeSeconds: secondsSchema,
      /** Whether a click would be answered without encoding the picture first. */
      encoded: z.boolean(),
      objects: z
        .array(
          z.strictObject({
            objectId: idSchema,
            areaPx: z.int().min(0),
            stale: z.boolean(),
            ...maskScoresSchema.shape,
          }),
        )
        .max(LIMITS.objects),
    }),
  ),
}
