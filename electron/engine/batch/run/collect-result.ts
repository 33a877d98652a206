import { constants } from 'node:fs'
import { access, mkdir, readdir, readFile, rm, rmdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { z } from 'zod'
import { UserFacingError } from '../../../contract/errors.ts'
import type { ResultStore } from '../store/result-store.ts'
import { contentOf, fetchFile } from '../store/stored-files.ts'
import { resultFileSchema, type JobResult } from './job-result.ts'

/** Names what was copied into a folder, so that the next result there removes what is not its own. */
const RECORD = '.maskwright-result.json'

const recordSchema = z.strictObject({ version: z.literal(1), files: z.array(resultFileSchema) })
type ResultFiles = JobResult['files']

/** The file system did not take a result. */
export class ResultNotPlaced extends UserFacingError {
  constructor(folder: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    super('result-not-placed', `Its files cannot be put into ${folder} (${reason}).`, { cause })
  }
}

/** Makes the folder that a result will go to. @throws ResultNotPlaced */
export async function prepareFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
    await access(folder, constants.W_OK)
  } catch (cause) {
    throw new ResultNotPlaced(folder, cause)
  }
}

/**
 * Copies a result's files into a folder. What an earlier result left there and this one does not have is removed, if it
 * is still as it was copied; files of others stay.
 * @throws StoredFileMissing, StoreUnavailable, ResultNotPlaced
 */
export async function collectResult(store: ResultStore, result: JobResult, folder: string): Promise<void> {
  try {
    await bringFiles(store, result, folder)
  } catch (error) {
    throw error instanceof UserFacingError ? error : new ResultNotPlaced(folder, error)
  }
}

async function bringFiles(store: ResultStore, result: JobResult, folder: string): Promise<void> {
  await prepareFolder(folder)
  const earlier = await recorded(folder)
  const places = new Set(result.files.map(({ place }) => place))
  const stale = earlier.filter(({ place }) => !places.has(place))
  // Both, until the folder has changed: whoever is stopped in between leaves nothing that is not written down.
  await record(folder, [...stale, ...result.files])
  for (const file of stale) await removeUnchanged(folder, file)
  for (const { place, sha256 } of result.files) await fetchFile(store, sha256, folder, place)
  await record(folder, result.files)
}

async function recorded(folder: string): Promise<ResultFiles> {
  const text = await readFile(join(folder, RECORD), 'utf8').catch(() => null)
  if (text === null) return []
  try {
    return recordSchema.parse(JSON.parse(text)).files
  } catch {
    // Not ours, or not whole: then nothing is known to be ours.
    return []
  }
}

async function record(folder: string, files: ResultFiles): Promise<void> {
  await writeFileAtomic(join(folder, RECORD), `${JSON.stringify({ version: 1, files })}\n`)
}

async function removeUnchanged(folder: string, { place, sha256 }: ResultFiles[number]): Promise<void> {
  const path = join(folder, place)
  const found = await contentOf(path).catch(() => null)
  if (found?.sha256 !== sha256) return
  await rm(path)
  for (let parent = dirname(place); parent !== '.'; parent = dirname(parent)) {
    if ((await readdir(join(folder, parent))).length > 0) return
    await rmdir(join(folder, parent))
  }
}
