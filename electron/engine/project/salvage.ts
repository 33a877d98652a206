import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { copyFile, open, rename, rm, stat } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import { isDamage, ProjectDatabase, type SqlRow } from './database.ts'
import { DamagedTable } from './damaged-table.ts'
import { FRAMES_PER_VERSION, MASK_ROW, maskFromRow } from './mask-table.ts'
import { newMeta, readMeta, writeMeta } from './meta-table.ts'
import { translateFileError } from './file-errors.ts'
import { NotAProjectError } from './project-errors.ts'
import type { ProjectRecords } from './project-records.ts'
import { recordFromRow, writeRecord } from './record-table.ts'
import { repairRecords, type WholeRecords } from './repair-records.ts'
import { createTables } from './schema.ts'
import { siblingPath } from './sibling-path.ts'
import { collectionNames, type CollectionName } from './stored-records.ts'

interface Survivors {
  readonly records: WholeRecords
  readonly damagedRecords: number
  readonly masks: readonly SqlRow[]
  readonly damagedMasks: number
  readonly meta: ReturnType<typeof readMeta>
}

/** Every value of a mask's row but its picture size, which does not matter here. */
function isWholeMask(row: SqlRow): boolean {
  return maskFromRow(row, [1, 1]) !== null
}

function readSurvivors(database: ProjectDatabase): Survivors {
  const records: WholeRecords = new Map()
  let damagedRecords = 0
  for (const name of collectionNames) {
    const rows = new DamagedTable(database, `id, body, checksum FROM ${name}`, 'id').readAll()
    const whole = rows.map((row) => recordFromRow(name, row)).filter((record) => record !== null)
    damagedRecords += rows.length - whole.length
    records.set(name, whole)
  }
  const rows = new DamagedTable(database, MASK_ROW, 'm.id').readAll()
  const masks = rows.filter(isWholeMask).sort((a, b) => (a[0] as number) - (b[0] as number))
  let meta: Survivors['meta'] = {}
  try {
    meta = readMeta(database)
  } catch (error) {
    if (!isDamage(error)) throw error
  }
  return { records, damagedRecords, masks, damagedMasks: rows.length - masks.length, meta }
}

/**
 * A copy whose first page is that of a new project: it tells where every table begins, which is the same in all files
 * of this format, so a file whose beginning is destroyed can still be read.
 */
async function withNewFirstPage(path: string, copyPath: string): Promise<void> {
  const modelPath = `${copyPath}.model`
  try {
    const model = ProjectDatabase.open(modelPath)
    model.transact(() => {
      createTables(model)
    })
    model.close()
    await copyFile(path, copyPath)
    const { size } = await stat(copyPath)
    const page = Buffer.alloc(4_096)
    const source = await open(modelPath, 'r')
    await source.read(page, 0, page.length, 0)
    await source.close()
    page.writeUInt32BE(Math.floor(size / page.length), 28)
    // No free pages: those of the damaged file are not known.
    page.fill(0, 32, 40)
    const copy = await open(copyPath, 'r+')
    await copy.write(page, 0, page.length, 0)
    await copy.close()
  } finally {
    await rm(modelPath, { force: true })
  }
}

function countRecords(records: WholeRecords): number {
  let count = 0
  for (const list of records.values()) count += list.length
  return count
}

async function gatherSurvivors(path: string, scratchPath: string): Promise<Survivors> {
  let found: Survivors | null = null
  try {
    const database = ProjectDatabase.open(path)
    try {
      found = readSurvivors(database)
    } finally {
      database.close()
    }
  } catch (error) {
    // "No such table" means that the list of tables itself is damaged.
    if (!isDamage(error) && !(error instanceof Error && error.message.startsWith('no such'))) throw error
  }
  if (found !== null && countRecords(found.records) > 0) return found
  await withNewFirstPage(path, scratchPath)
  try {
    const database = ProjectDatabase.open(scratchPath)
    try {
      return readSurvivors(database)
    } finally {
      database.close()
    }
  } catch (error) {
    throw isDamage(error) ? new NotAProjectError(basename(path), { cause: error }) : error
  } finally {
    await rm(scratchPath, { force: true })
    await rm(`${scratchPath}-journal`, { force: true })
  }
}

function writeRebuilt(path: string, survivors: Survivors, records: ProjectRecords, nextId: number): void {
  const database = ProjectDatabase.open(path)
  try {
    database.transact(() => {
      createTables(database)
      writeMeta(database, { ...newMeta(), ...survivors.meta, nextId, damageSeen: false })
      for (const name of collectionNames) {
        for (const record of records.all(name)) writeRecord(database, name, record)
      }
      for (const [id, counts, checksum, ...scores] of survivors.masks) {
        database.run('INSERT INTO masks VALUES (?, ?, ?)', id!, counts!, checksum!)
        database.run('INSERT INTO mask_scores VALUES (?, ?, ?, ?, ?, ?, ?, ?)', id!, ...scores)
      }
    })
  } finally {
    database.close()
  }
}

const words: Partial<Record<CollectionName, string>> = {
  videos: 'videos',
  objects: 'objects',
  classes: 'classes',
  prompts: 'prompts',
  presence: 'presence ranges',
  shots: 'shots',
}

/** What is there after the repair, so that the person can compare. */
function inventory(records: ProjectRecords, masks: number): string {
  const parts = (Object.keys(words) as CollectionName[]).map(
    (name) => `${String([...records.all(name)].length)} ${words[name]!}`,
  )
  return `${parts.join(', ')} and ${String(masks)} masks are whole and were kept.`
}

/**
 * Rebuilds a damaged project from all that is whole in it, after a copy of the file as it was found was put beside it.
 * Returns sentences that say what happened. Throws NotAProjectError when nothing in it is a project's, and then has
 * left everything as it was.
 */
export async function salvageProject(path: string): Promise<string[]> {
  const scratch = `${path}.${randomBytes(6).toString('hex')}`
  const journal = `${path}-journal`
  const copyPath = await siblingPath(path, 'damaged')
  try {
    await copyFile(path, copyPath, constants.COPYFILE_EXCL)
    const survivors = await gatherSurvivors(path, `${scratch}.reading`)
    if (countRecords(survivors.records) === 0) throw new NotAProjectError(basename(path))
    const frames = new Map<number, number[]>()
    let nextId = survivors.meta.nextId ?? 1
    for (const [id] of survivors.masks as [number][]) {
      const versionId = Math.floor(id / FRAMES_PER_VERSION)
      nextId = Math.max(nextId, versionId + 1)
      const list = frames.get(versionId)
      if (list === undefined) frames.set(versionId, [id % FRAMES_PER_VERSION])
      else list.push(id % FRAMES_PER_VERSION)
    }
    for (const list of survivors.records.values())
      for (const { id } of list) nextId = Math.max(nextId, id + 1)
    const records = repairRecords(survivors.records, (versionId) => frames.get(versionId) ?? [], {
      projectName: basename(path, extname(path)),
      newId: () => nextId++,
    })
    writeRebuilt(`${scratch}.rebuilt`, survivors, records, nextId)
    await rm(journal, { force: true })
    await rename(`${scratch}.rebuilt`, path)
    const lost = survivors.damagedRecords + survivors.damagedMasks
    return [
      `The project file was damaged. What was whole was opened; the file as it was found is kept as ${basename(copyPath)}.`,
      inventory(records, survivors.masks.length),
      ...(lost > 0 ? [`${String(lost)} entries could be found, but not read any more.`] : []),
      'The undo history could not be kept.',
    ]
  } catch (error) {
    await rm(`${scratch}.rebuilt`, { force: true })
    await rm(`${scratch}.rebuilt-journal`, { force: true })
    if (error instanceof NotAProjectError) await rm(copyPath, { force: true })
    throw translateFileError(error, path)
  }
}
