import { z } from 'zod'
import { LIMITS } from './limits.ts'
import {
  colourSchema,
  fileTokenSchema,
  frameIndexSchema,
  idSchema,
  textSchema,
  unitIntervalSchema,
} from './scalars.ts'

/** Which part of the project leaves; the same for every format. */
export const exportSelectionSchema = z.strictObject({
  videoId: idSchema,
  /** null means every object. */
  objectIds: z.array(idSchema).max(LIMITS.objects).nullable(),
  /** null means every class, and objects without one. */
  classIds: z.array(idSchema).max(LIMITS.classes).nullable(),
  /** null means from the in marker, else the first frame. */
  first: frameIndexSchema.nullable(),
  last: frameIndexSchema.nullable(),
  /** Every n-th frame of the range. */
  step: z.int().min(1).max(1_000_000),
  /** Number that the first exported frame gets in file names; null keeps the source's frame numbers. */
  numberingStart: z.int().min(0).max(1_000_000_000).nullable(),
})
export type ExportSelection = z.infer<typeof exportSelectionSchema>

const overlay = {
  fillOpacity: unitIntervalSchema,
  outline: z.boolean(),
  labels: z.boolean(),
}

/** Each export with its own options; `format` is the name that the command line takes, too. */
export const exportTargetSchema = z.discriminatedUnion('format', [
  z.strictObject({ format: z.literal('annotated-mp4'), ...overlay, keepAudio: z.boolean() }),
  z.strictObject({ format: z.literal('mask-mp4') }),
  z.strictObject({ format: z.literal('prores-4444'), perObject: z.boolean() }),
  z.strictObject({ format: z.literal('webm-alpha'), perObject: z.boolean() }),
  z.strictObject({ format: z.literal('cutouts'), crop: z.boolean() }),
  z.strictObject({ format: z.literal('green-screen'), background: colourSchema }),
  z.strictObject({ format: z.literal('png-masks') }),
  z.strictObject({ format: z.literal('davis') }),
  z.strictObject({ format: z.literal('youtube-vos'), frames: z.boolean() }),
  z.strictObject({ format: z.literal('sa-v') }),
  z.strictObject({ format: z.literal('coco'), segmentation: z.enum(['rle', 'polygon']) }),
  z.strictObject({ format: z.literal('yolo-seg'), frames: z.boolean() }),
  z.strictObject({ format: z.literal('cvat'), shapes: z.enum(['mask', 'polygon']) }),
  z.strictObject({ format: z.literal('labelme'), frames: z.boolean() }),
  z.strictObject({ format: z.literal('mot') }),
  z.strictObject({ format: z.literal('mots') }),
  z.strictObject({ format: z.literal('tracks-csv') }),
  z.strictObject({ format: z.literal('tracks-json') }),
])
export type ExportTarget = z.infer<typeof exportTargetSchema>
export type ExportFormatName = ExportTarget['format']

export const exportRequestSchema = z.strictObject({
  selection: exportSelectionSchema,
  target: exportTargetSchema,
  /** A folder, chosen for `exportFolder`. */
  destination: fileTokenSchema,
  /** Without it, files that are already there end the export before anything is written. */
  overwrite: z.boolean(),
})
export type ExportRequest = z.infer<typeof exportRequestSchema>

/** What the dialog and `maskwright formats` say of a format. */
export const exportFormatSchema = z.strictObject({
  format: z.string().regex(/^[a-z0-9-]{1,40}$/),
  name: textSchema,
  kind: z.enum(['video', 'images', 'dataset', 'table']),
  keeps: textSchema,
  loses: textSchema,
  canExport: z.boolean(),
  canImport: z.boolean(),
})
export type ExportFormat = z.infer<typeof exportFormatSchema>

export const exportProgressSchema = z.strictObject({
  exportId: idSchema,
  state: z.enum(['waiting', 'running', 'checking', 'finished', 'cancelled', 'failed']),
  framesDone: z.int().min(0),
  framesTotal: z.int().min(0),
  secondsLeft: z.number().min(0).nullable(),
  /** What the closing check counted, as a sentence. */
  report: textSchema.nullable(),
  failure: textSchema.nullable(),
  /** Stands for what was written; good for `files.reveal`. */
  output: fileTokenSchema.nullable(),
})
export type ExportProgress = z.infer<typeof exportProgressSchema>
