import { readdir } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { z } from 'zod'
import type { ResultStore } from '../store/result-store.ts'
import { storeFile } from '../store/stored-files.ts'
import { textSchema } from '../../../contract/scalars.ts'
import { UserFacingError } from '../../../contract/errors.ts'

/** A place inside a result: plain names that stay below their folder. */
const placeSchema = z
  .string()
  .max(1_000)
  .refine(
    (place) =>
      place.split('/').every((part) => part !== '' && part !== '.' && part !== '..') &&
      !/[\\:\0]/.test(place),
    'must stay inside the result',
  )

/** A file of a result, by its content. */
export const resultFileSchema = z.strictObject({
  place: placeSchema,
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  sizeBytes: z.int().min(0),
})

/**
 * What a job came to: every file by its content. Its one writing is the moment at which the job is done. What a later
 * build may say beside this at the same version is passed over: a result that cannot be read would be made again.
 */
const jobResultSchema = z.object({
  version: z.literal(1),
  frameCount: z.int().min(0),
  files: z.array(resultFileSchema),
  /** How the model ran otherwise than asked, as sentences for the person; missing where it did not. */
  notices: z.array(textSchema).optional(),
})
export type JobResult = z.infer<typeof jobResultSchema>

function resultKey(jobKey: string): string {
  return `results/${jobKey}`
}

export function hasResult(store: ResultStore, jobKey: string): Promise<boolean> {
  return store.has(resultKey(jobKey))
}

/** What stands under a result's name is none. */
export class ResultDamaged extends UserFacingError {
  constructor(cause: unknown) {
    super('result-damaged', 'The result that the store has of it cannot be read.', { cause })
  }
}

/** @throws StoreUnavailable, ResultDamaged */
export async function readResult(store: ResultStore, jobKey: string): Promise<JobResult | null> {
  const bytes = await store.get(resultKey(jobKey))
  if (bytes === null) return null
  try {
    return jobResultSchema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')))
  } catch (cause) {
    throw new ResultDamaged(cause)
  }
}

/** Takes a result that cannot be used out of the store: its job is done anew. @throws StoreUnavailable */
export function forgetResult(store: ResultStore, jobKey: string): Promise<void> {
  return store.delete(resultKey(jobKey))
}

/** Whether the job has a result that can be read; one that cannot is forgotten. @throws StoreUnavailable */
export async function hasReadableResult(store: ResultStore, jobKey: string): Promise<boolean> {
  try {
    return (await readResult(store, jobKey)) !== null
  } catch (error) {
    if (!(error instanceof ResultDamaged)) throw error
    await forgetResult(store, jobKey)
    return false
  }
}

/**
 * Puts all files of a folder into the store, then the result that names them.
 * @returns whether this call made the result; another worker may have been quicker
 */
export async function storeResult(
  store: ResultStore,
  jobKey: string,
  folder: string,
  { frameCount, notices }: { readonly frameCount: number; readonly notices: readonly string[] },
): Promise<boolean> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const files: JobResult['files'] = []
  for (const path of paths) {
    const place = relative(folder, path).split(sep).join('/')
    files.push({ place, ...(await storeFile(store, path)) })
  }
  files.sort((a, b) => (a.place < b.place ? -1 : 1))
  const result: JobResult = {
    ...{ version: 1, frameCount, files },
    ...(notices.length > 0 ? { notices: [...notices] } : {}),
  }
  return store.put(resultKey(jobKey), Buffer.from(`${JSON.stringify(result, null, 1)}\n`))
}
