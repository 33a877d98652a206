import { z } from 'zod'
import { LIMITS } from './limits.ts'
import { runLengthMaskSchema } from './mask.ts'
import {
  byteCountSchema,
  frameIndexSchema,
  idSchema,
  instantSchema,
  objectIdsSchema,
  textSchema,
  unitIntervalSchema,
} from './scalars.ts'

export const directionSchema = z.enum(['forward', 'backward', 'both'])
export type Direction = z.infer<typeof directionSchema>

/** How far a run goes: to the video's ends, to the in or out marker, so many frames, or to a frame. */
export const trackLimitSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('end') }),
  z.strictObject({ kind: z.literal('markers') }),
  z.strictObject({ kind: z.literal('steps'), steps: z.int().min(1).max(LIMITS.frameIndex) }),
  z.strictObject({ kind: z.literal('frame'), frameIndex: frameIndexSchema }),
])
export type TrackLimit = z.infer<typeof trackLimitSchema>

/** What the person asks for when pressing Track. */
export const trackRequestSchema = z.strictObject({
  videoId: idSchema,
  objectIds: objectIdsSchema,
  direction: directionSchema,
  /** null starts at each object's nearest keyframe to the playhead. */
  startFrame: frameIndexSchema.nullable(),
  limit: trackLimitSchema,
  /** `untilAgreement` ends where the new masks agree with the stored ones, at the next keyframe, or where the track does. */
  extent: z.enum(['all', 'untilAgreement']),
})
export type TrackRequest = z.infer<typeof trackRequestSchema>

/** `interrupted`: it was running when the app ended; it can be resumed. */
export const runStateSchema = z.enum([
  'waiting',
  'running',
  'paused',
  'interrupted',
  'finished',
  'cancelled',
  'failed',
])
export type RunState = z.infer<typeof runStateSchema>

/** A tracking run as the project remembers it. */
export const trackRunSchema = z.strictObject({
  id: idSchema,
  request: trackRequestSchema,
  state: runStateSchema,
  model: textSchema,
  framesDone: z.int().min(0),
  framesTotal: z.int().min(0),
  createdAt: instantSchema,
  /** Why it failed, as a sentence. */
  failure: textSchema.nullable(),
})
export type TrackRun = z.infer<typeof trackRunSchema>

export const versionOriginSchema = z.enum([
  'prompt',
  'track',
  'edit',
  'import',
  'duplicate',
  'merge',
  'carry',
])
export type VersionOrigin = z.infer<typeof versionOriginSchema>

/** Masks of one object in one video made in one go. Superseded ones stay until the history's limits let go of them. */
export const trackVersionSchema = z.strictObject({
  id: idSchema,
  videoId: idSchema,
  objectId: idSchema,
  runId: idSchema.nullable(),
  origin: versionOriginSchema,
  model: textSchema.nullable(),
  createdAt: instantSchema,
})
export type TrackVersion = z.infer<typeof trackVersionSchema>

/** Which version is the present one over which frames. Spans of one object in one video never overlap. */
export const trackSpanSchema = z.strictObject({
  id: idSchema,
  videoId: idSchema,
  objectId: idSchema,
  first: frameIndexSchema,
  last: frameIndexSchema,
  versionId: idSchema,
  /** Tracked before the last correction that could change it. */
  stale: z.boolean(),
})
export type TrackSpan = z.infer<typeof trackSpanSchema>

/** Why a frame is suspect. */
export const suspectReasonSchema = z.enum([
  'lowPredictedIou',
  'lowObjectScore',
  'unstable',
  'areaJump',
  'centroidJump',
  'directionsDisagree',
  'lookAlike',
  'lostAtCut',
])
export type SuspectReason = z.infer<typeof suspectReasonSchema>

/** What the model said of one mask. Scores that a mask does not have (brushed, imported) are null. */
export const maskScoresSchema = z.strictObject({
  /** Logit of the object-presence head; above 0 means present. */
  objectScore: z.number().min(-1e6).max(1e6).nullable(),
  predictedIou: unitIntervalSchema.nullable(),
  /** IoU of the mask at a higher and a lower threshold. */
  stability: unitIntervalSchema.nullable(),
  /** 0 trustworthy to 1 surely wrong; null where it was not scored. */
  suspicion: unitIntervalSchema.nullable(),
  suspectReasons: z.array(suspectReasonSchema).max(suspectReasonSchema.options.length),
})
export type MaskScores = z.infer<typeof maskScoresSchema>

/** A mask of one object on one frame, source size. Area 0 means absent. */
export const frameMaskSchema = z.strictObject({
  videoId: idSchema,
  objectId: idSchema,
  frameIndex: frameIndexSchema,
  versionId: idSchema,
  stale: z.boolean(),
  areaPx: z.int().min(0).max(LIMITS.picturePx),
  mask: runLengthMaskSchema,
  ...maskScoresSchema.shape,
})
export type FrameMask = z.infer<typeof frameMaskSchema>

export const frameMasksSchema = z.array(frameMaskSchema).max(LIMITS.masksPerMessage)

/** What a run would cost, said before it starts. */
export const trackEstimateSchema = z.strictObject({
  frames: z.int().min(0),
  seconds: z.number().min(0),
  memoryBytes: byteCountSchema,
  /** null on a device without memory of its own. */
  deviceMemoryBytes: byteCountSchema.nullable(),
  fitsInMemory: z.boolean(),
  /** Whether the speed was measured on this machine with this model, or taken from a table. */
  basis: z.enum(['measured', 'assumed']),
})
export type TrackEstimate = z.infer<typeof trackEstimateSchema>

export const trackProgressSchema = z.strictObject({
  runId: idSchema,
  state: runStateSchema,
  framesDone: z.int().min(0),
  framesTotal: z.int().min(0),
  framesPerSecond: z.number().min(0).nullable(),
  secondsLeft: z.number().min(0).nullable(),
  /** Newest frame whose masks are stored. */
  frameIndex: frameIndexSchema.nullable(),
  failure: textSchema.nullable(),
})
export type TrackProgress = z.infer<typeof trackProgressSchema>
