import { createHash } from 'node:crypto'
import { z } from 'zod'
import { LIMITS } from '../../../contract/limits.ts'
import { runLengthMaskSchema } from '../../../contract/mask.ts'
import { pointLabelSchema } from '../../../contract/prompts.ts'
import {
  coordinateSchema,
  frameIndexSchema,
  nameSchema,
  unitIntervalSchema,
} from '../../../contract/scalars.ts'
import { safeFileName } from '../../export/file-names.ts'
import { VIDEO_EXPORTS, type VideoExportName } from '../../export/video-exports.ts'

/** Raised when the same job would give other results than before, so that old ones are not taken for new. */
const RESULT_VERSION = 3

export const MODEL_NAME_LENGTH = 101

const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/)
const fileNameSchema = z
  .string()
  .max(200)
  .refine((name) => safeFileName(name, '') === name, 'must be the plain name of a file')

const promptedFrameSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('points-or-box'),
    frameIndex: frameIndexSchema,
    points: z
      .array(z.strictObject({ x: coordinateSchema, y: coordinateSchema, label: pointLabelSchema }))
      .max(LIMITS.promptsPerFrame),
    /** Left, top, right, bottom in source pixels. */
    box: z.tuple([coordinateSchema, coordinateSchema, coordinateSchema, coordinateSchema]).nullable(),
  }),
  z.strictObject({ kind: z.literal('mask'), frameIndex: frameIndexSchema, mask: runLengthMaskSchema }),
])
export type PromptedFrame = z.infer<typeof promptedFrameSchema>

export const exportNames = Object.keys(VIDEO_EXPORTS) as VideoExportName[]

/** What decides a job's result, and nothing else. */
export const jobContentSchema = z.strictObject({
  video: z.strictObject({ sha256: sha256Schema, fileName: fileNameSchema }),
  /** The frames that are tracked and exported, both ends included; an open end is the video's. */
  range: z.strictObject({ first: frameIndexSchema.nullable(), last: frameIndexSchema.nullable() }),
  objects: z
    .array(
      z.strictObject({
        name: nameSchema,
        frames: z.array(promptedFrameSchema).min(1).max(LIMITS.promptsPerFrame),
      }),
    )
    .min(1)
    .max(LIMITS.objects),
  direction: z.enum(['forward', 'reverse', 'both']),
  model: z.strictObject({
    /** The zoo's name; a checkpoint of one's own comes from the store by its hash. */
    name: z
      .string()
      .max(MODEL_NAME_LENGTH)
      .regex(/^[A-Za-z0-9][A-Za-z0-9._+-]*$/),
    isOwn: z.boolean(),
    sha256: sha256Schema,
  }),
  /** Side of the model's picture; null for the model's own. */
  sizePx: z.int().min(32).max(2_048).nullable(),
  mode: z.enum(['default', 'reference']),
  /** How the default mode follows objects; the reference mode knows none of it. */
  tracking: z.strictObject({
    memorySelection: z.enum(['sam2', 'selective']),
    followZoom: z.boolean(),
    detectShots: z.boolean(),
    exclusiveObjects: z.boolean(),
  }),
  fillOpacity: unitIntervalSchema,
  outputs: z.array(z.enum(exportNames)).min(1).max(exportNames.length),
})
export type JobContent = z.infer<typeof jobContentSchema>

/** One video, or one shot of a long one, to be tracked. */
export const batchJobSchema = z.strictObject({
  /** For people: the video's name, and the shot's frames. Not part of the content. */
  title: z
    .string()
    .min(1)
    .max(400)
    .regex(/^\P{Cc}*$/u, 'must not contain control characters'),
  content: jobContentSchema,
})
export type BatchJob = z.infer<typeof batchJobSchema>

/** The name of a job's result: a hash of all that decides it. The same job gets the same name on every machine. */
export function jobKey({ content }: BatchJob): string {
  const canonical = JSON.stringify([RESULT_VERSION, jobContentSchema.parse(content)])
  return createHash('sha256').update(canonical).digest('hex')
}
