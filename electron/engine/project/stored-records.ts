import { z } from 'zod'
import { LIMITS } from '../../contract/limits.ts'
import {
  contentIdSchema,
  markersSchema,
  objectClassSchema,
  objectSchema,
  presenceRangeSchema,
  shotBoundarySchema,
} from '../../contract/project.ts'
import { alternativeChoiceSchema, promptSchema } from '../../contract/prompts.ts'
import {
  byteCountSchema,
  idSchema,
  nameSchema,
  secondsSchema,
  sidePxSchema,
  textSchema,
} from '../../contract/scalars.ts'
import { trackRunSchema, trackSpanSchema, trackVersionSchema } from '../../contract/tracking.ts'

/** Tells a file again wherever it was moved to. */
export const fingerprintSchema = z.strictObject({
  sizeBytes: byteCountSchema,
  /** SHA-256 over the size and samples of head, middle and tail. */
  digest: z.string().regex(/^[0-9a-f]{64}$/),
})
export type Fingerprint = z.infer<typeof fingerprintSchema>

/** What a person may change about a video; the file itself is described in `videoFiles`. */
export const storedVideoSchema = z.strictObject({
  id: idSchema,
  name: nameSchema,
  sortOrder: z.number(),
  markers: markersSchema,
})
export type StoredVideo = z.infer<typeof storedVideoSchema>

/** The file behind a video, under the video's id. Not part of the undo history: files move outside the app. */
export const videoFileSchema = z.strictObject({
  id: idSchema,
  /** From the project's folder, with forward slashes; absolute only where no relative path exists (another drive). */
  relativePath: textSchema,
  kind: z.enum(['video', 'images']),
  contentId: contentIdSchema,
  fingerprint: fingerprintSchema,
  widthPx: sidePxSchema,
  heightPx: sidePxSchema,
  pixelAspectRatio: z.number().positive().max(1_000),
  frameCount: z
    .int()
    .min(1)
    .max(LIMITS.frameIndex + 1),
  durationSeconds: secondsSchema,
  hasAudio: z.boolean(),
})
export type VideoFile = z.infer<typeof videoFileSchema>

/** What belongs to the project as a whole; one record with id 1. */
export const propertiesSchema = z.strictObject({ id: z.literal(1), name: nameSchema })

/**
 * Every collection of the project with the schema of its records. Each is a table of its own; a record is a row with
 * its id, its JSON and a checksum.
 */
export const collectionSchemas = {
  properties: propertiesSchema,
  videos: storedVideoSchema,
  videoFiles: videoFileSchema,
  objects: objectSchema,
  classes: objectClassSchema,
  prompts: promptSchema,
  alternativeChoices: alternativeChoiceSchema,
  presence: presenceRangeSchema,
  shots: shotBoundarySchema,
  spans: trackSpanSchema,
  versions: trackVersionSchema,
  runs: trackRunSchema,
} as const

export type CollectionName = keyof typeof collectionSchemas
export type StoredRecord<Name extends CollectionName> = z.infer<(typeof collectionSchemas)[Name]>
export type AnyRecord = StoredRecord<CollectionName>

export const collectionNames = Object.keys(collectionSchemas) as CollectionName[]

/** Collections whose changes are not edits of a person, so that undo leaves them alone. */
const outsideHistory: ReadonlySet<CollectionName> = new Set(['videoFiles', 'runs'])

export function isInHistory(name: CollectionName): boolean {
  return !outsideHistory.has(name)
}

/** The object that a record is or belongs to; null for records of the whole project. */
export function objectOfRecord(name: CollectionName, record: AnyRecord): number | null {
  if (name === 'objects') return record.id
  return 'objectId' in record ? record.objectId : null
}
