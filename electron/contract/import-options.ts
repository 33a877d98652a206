import { z } from 'zod'
import { LIMITS } from './limits.ts'
import { fileTokenSchema, frameIndexSchema, idSchema, textSchema } from './scalars.ts'

export const importFormatSchema = z.enum([
  'coco',
  'yolo-seg',
  'davis',
  'youtube-vos',
  'sa-v',
  'cvat',
  'labelme',
  'png-masks',
  'maskwright',
])
export type ImportFormat = z.infer<typeof importFormatSchema>

export const importRequestSchema = z.strictObject({
  format: importFormatSchema,
  source: fileTokenSchema,
  videoId: idSchema,
  /** Frame of the video that the data's first frame belongs to. */
  firstFrame: frameIndexSchema,
  /** `tracks` become editable masks, `prompts` become mask prompts to track from. */
  as: z.enum(['tracks', 'prompts']),
})
export type ImportRequest = z.infer<typeof importRequestSchema>

export const importReportSchema = z.strictObject({
  objectIds: z.array(idSchema).max(LIMITS.objects),
  framesImported: z.int().min(0),
  masksImported: z.int().min(0),
  skipped: z.array(z.strictObject({ what: textSchema, why: textSchema })).max(1_000),
  skippedCount: z.int().min(0),
})
export type ImportReport = z.infer<typeof importReportSchema>
