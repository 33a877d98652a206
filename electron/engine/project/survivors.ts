import { constants } from 'node:fs'
import { copyFile, open, readFile, rm, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { isUnreadable, ProjectDatabase } from './database.ts'
import { DamagedTable } from './damaged-table.ts'
import { readMeta } from './meta-table.ts'
import { NotAProjectError } from './project-errors.ts'
import { recordFromRow } from './record-table.ts'
import type { WholeRecords } from './repair-records.ts'
import { checkSchema, createTables } from './schema.ts'
import { collectionNames, type AnyRecord } from './stored-records.ts'

/** What could be read of a damaged project. `database` is a copy of it that its reader closes. */
export interface Survivors {
  readonly database: ProjectDatabase
  readonly records: WholeRecords
  readonly meta: ReturnType<typeof readMeta>
  /** Records that are there, but do not hold what was written. */
  readonly damaged: number
}

function readRecords(database: ProjectDatabase): { records: WholeRecords; damaged: number } {
  const records: WholeRecords = new Map()
  let damaged = 0
  for (const name of collectionNames) {
    const whole: AnyRecord[] = []
    new DamagedTable(database, `id, body, checksum FROM ${name}`, 'id', (row) => {
      const record = recordFromRow(name, row)
      if (record === null) damaged++
      else whole.push(record)
    }).read()
    records.set(name, whole)
  }
  return { records, damaged }
}

function readMetaIfPossible(database: ProjectDatabase): ReturnType<typeof readMeta> {
  try {
    return readMeta(database)
  } catch (error) {
    if (isUnreadable(error)) return {}
    throw error
  }
}

/** null where no record can be read. */
function readCopy(copyPath: string): Survivors | null {
  let database: ProjectDatabase | null = null
  let survivors: Survivors | null = null
  try {
    database = ProjectDatabase.open(copyPath)
    checkSchema(database)
    const { records, damaged } = readRecords(database)
    const isEmpty = [...records.values()].every((list) => list.length === 0)
    if (!isEmpty) survivors = { database, records, damaged, meta: readMetaIfPossible(database) }
  } catch (error) {
    if (!isUnreadable(error)) throw error
  } finally {
    if (survivors === null) database?.close()
  }
  return survivors
}

/**
 * Gives a file the first page of a new project: it tells where every table begins, which is the same in all files of
 * this format, so a file whose beginning is destroyed can still be read. A file that lost so much that not all of these
 * places are left in it gets empty pages there: SQLite would read none of its tables otherwise.
 */
async function putNewFirstPage(path: string): Promise<void> {
  const modelPath = `${path}.model`
  try {
    const model = ProjectDatabase.open(modelPath)
    model.transact(() => {
      createTables(model)
    })
    model.close()
    const modelFile = await readFile(modelPath)
    const page = modelFile.subarray(0, 4_096)
    const size = Math.max((await stat(path)).size, modelFile.length)
    page.writeUInt32BE(Math.floor(size / page.length), 28)
    // No free pages: those of the damaged file are not known.
    page.fill(0, 32, 40)
    const file = await open(path, 'r+')
    await file.write(page, 0, page.length, 0)
    await file.truncate(size)
    await file.close()
  } finally {
    await rm(modelPath, { force: true })
  }
}

/**
 * Reads what can be read of a damaged project, from a copy at `copyPath`: opening a damaged file as a database may
 * already change it. Throws NotAProjectError when nothing in it is a project's. The caller removes the copy.
 */
export async function openSurvivors(path: string, copyPath: string): Promise<Survivors> {
  await copyFile(path, copyPath, constants.COPYFILE_FICLONE)
  await copyFile(`${path}-journal`, `${copyPath}-journal`).catch(() => undefined)
  const found = readCopy(copyPath)
  if (found !== null) return found
  await rm(`${copyPath}-journal`, { force: true })
  await copyFile(path, copyPath, constants.COPYFILE_FICLONE)
  await putNewFirstPage(copyPath)
  const foundByPages = readCopy(copyPath)
  if (foundByPages === null) throw new NotAProjectError(basename(path))
  return foundByPages
}
