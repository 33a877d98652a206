import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { copyFile, rename, rm } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import { ProjectDatabase } from './database.ts'
import { DamagedTable } from './damaged-table.ts'
import { translateFileError } from './file-errors.ts'
import { FRAMES_PER_VERSION, MASK_ROW, MAX_VERSION_ID, maskFromRow } from './mask-table.ts'
import { newMeta, writeMeta } from './meta-table.ts'
import type { ProjectRecords } from './project-records.ts'
import { writeRecord } from './record-table.ts'
import { repairRecords, type WholeRecords } from './repair-records.ts'
import { createTables } from './schema.ts'
import { siblingPath } from './sibling-path.ts'
import { collectionNames, type CollectionName, type StoredRecord } from './stored-records.ts'
import { openSurvivors, type Survivors } from './survivors.ts'

interface SavedMasks {
  readonly count: number
  readonly damaged: number
  readonly framesOfVersion: ReadonlyMap<number, number[]>
}

/** Height and width of a version's masks; null where version or video is lost. */
function sizesOfVersions(records: WholeRecords): (versionId: number) => readonly [number, number] | null {
  const { versions = [], videoFiles = [] } = Object.fromEntries(records) as Partial<{
    versions: StoredRecord<'versions'>[]
    videoFiles: StoredRecord<'videoFiles'>[]
  }>
  const sizeOfVideo = new Map(
    videoFiles.map(({ id, heightPx, widthPx }) => [id, [heightPx, widthPx] as const]),
  )
  const sizes = new Map(versions.map(({ id, videoId }) => [id, sizeOfVideo.get(videoId)]))
  return (versionId) => sizes.get(versionId) ?? null
}

/** Moves every whole mask over, a few at a time, since all of them may not fit into memory. */
function saveMasks({ database: from, records }: Survivors, to: ProjectDatabase): SavedMasks {
  const sizeOf = sizesOfVersions(records)
  const framesOfVersion = new Map<number, number[]>()
  let count = 0
  let damaged = 0
  const save = new DamagedTable(from, MASK_ROW, 'm.id', (row) => {
    const versionId = Math.floor((row[0] as number) / FRAMES_PER_VERSION)
    if (maskFromRow(row, sizeOf(versionId)) === null) {
      damaged++
      return
    }
    const [id, counts, checksum, ...scores] = row as [number, string, number, ...number[]]
    to.run('INSERT OR REPLACE INTO masks VALUES (?, ?, ?)', id, counts, checksum)
    to.run('INSERT OR REPLACE INTO mask_scores VALUES (?, ?, ?, ?, ?, ?, ?, ?)', id, ...scores)
    const frames = framesOfVersion.get(versionId)
    if (frames === undefined) framesOfVersion.set(versionId, [id % FRAMES_PER_VERSION])
    else frames.push(id % FRAMES_PER_VERSION)
    count++
  })
  save.read()
  for (const frames of framesOfVersion.values()) frames.sort((a, b) => a - b)
  return { count, damaged, framesOfVersion }
}

function firstFreeId(survivors: Survivors, masks: SavedMasks): number {
  let nextId = survivors.meta.nextId ?? 2
  if (nextId > MAX_VERSION_ID) nextId = 2
  const raise = (id: number): void => {
    if (id < MAX_VERSION_ID) nextId = Math.max(nextId, id + 1)
  }
  for (const versionId of masks.framesOfVersion.keys()) raise(versionId)
  for (const list of survivors.records.values()) for (const { id } of list) raise(id)
  return nextId
}

function rebuild(
  survivors: Survivors,
  path: string,
  projectName: string,
): { records: ProjectRecords; masks: SavedMasks } {
  const database = ProjectDatabase.open(path)
  try {
    return database.transact(() => {
      createTables(database)
      const masks = saveMasks(survivors, database)
      let nextId = firstFreeId(survivors, masks)
      const framesOf = (versionId: number) => masks.framesOfVersion.get(versionId) ?? []
      const records = repairRecords(survivors.records, framesOf, { projectName, newId: () => nextId++ })
      for (const name of collectionNames) {
        for (const record of records.all(name)) writeRecord(database, name, record)
      }
      writeMeta(database, { ...newMeta(), ...survivors.meta, nextId, damageSeen: false })
      return { records, masks }
    })
  } finally {
    database.close()
    survivors.database.close()
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
function inventory(records: ProjectRecords, masks: SavedMasks): string {
  const parts = (Object.keys(words) as CollectionName[]).map(
    (name) => `${String([...records.all(name)].length)} ${words[name]!}`,
  )
  return `${parts.join(', ')} and ${String(masks.count)} masks are whole and were kept.`
}

/**
 * Rebuilds a damaged project from all that is whole in it, after a copy of the file as it was found was put beside it.
 * Returns sentences that say what happened. Throws NotAProjectError when nothing in it is a project's, and then has
 * left everything as it was.
 */
export async function salvageProject(path: string): Promise<string[]> {
  const scratch = `${path}.${randomBytes(6).toString('hex')}`
  const copyPath = await siblingPath(path, 'damaged')
  try {
    const survivors = await openSurvivors(path, `${scratch}.reading`)
    const { records, masks } = rebuild(survivors, `${scratch}.rebuilt`, basename(path, extname(path)))
    await copyFile(path, copyPath, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE)
    await rm(`${path}-journal`, { force: true })
    await rename(`${scratch}.rebuilt`, path)
    const lost = survivors.damaged + masks.damaged
    return [
      `The project file was damaged. What was whole was opened; the file as it was found is kept as ${basename(copyPath)}.`,
      inventory(records, masks),
      ...(lost > 0 ? [`${String(lost)} entries could be found, but not read any more.`] : []),
      'The undo history could not be kept.',
    ]
  } catch (error) {
    throw translateFileError(error, path)
  } finally {
    for (const part of ['.rebuilt', '.reading']) {
      await rm(`${scratch}${part}`, { force: true })
      await rm(`${scratch}${part}-journal`, { force: true })
    }
  }
}
