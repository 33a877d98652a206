import { z } from 'zod'
import { byteCountSchema, textSchema } from './scalars.ts'

/** Name of a model in the catalogue, `sam2.1-tiny`; models added from a file get `file-…`. */
export const modelIdSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/)

/**
 * `bundled` ships with the app, `available` can be downloaded, `damaged` does not have the bytes it should have.
 */
export const modelStateSchema = z.enum(['bundled', 'available', 'downloading', 'ready', 'damaged'])

export const modelEntrySchema = z.strictObject({
  id: modelIdSchema,
  name: textSchema,
  family: textSchema,
  state: modelStateSchema,
  inUse: z.boolean(),
  parameterCount: z.int().min(0),
  sizeBytes: byteCountSchema,
  /** On this disk now, a partial download included. */
  storedBytes: byteCountSchema,
  licence: textSchema,
  /** Host name the download comes from; null for bundled and added models. */
  source: textSchema.nullable(),
  inputSizesPx: z.array(z.int().min(32).max(4_096)).max(32),
})
export type ModelEntry = z.infer<typeof modelEntrySchema>

export const modelEntriesSchema = z.array(modelEntrySchema).max(1_000)

export const downloadProgressSchema = z.strictObject({
  modelId: modelIdSchema,
  state: z.enum(['waiting', 'downloading', 'checking', 'finished', 'cancelled', 'failed']),
  receivedBytes: byteCountSchema,
  totalBytes: byteCountSchema,
  bytesPerSecond: z.number().min(0).nullable(),
  secondsLeft: z.number().min(0).nullable(),
  failure: textSchema.nullable(),
})
export type DownloadProgress = z.infer<typeof downloadProgressSchema>
