import { open, stat } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import { PROJECT_EXTENSION } from '../../contract/files.ts'
import { interruptRuns } from './edits/run-edits.ts'
import { isDamage, isUnreadable, ProjectDatabase } from './database.ts'
import { translateFileError } from './file-errors.ts'
import { readFileHeader } from './file-header.ts'
import { collectGarbage } from './garbage.ts'
import { HistoryTable } from './history-table.ts'
import { isWholeMeta, readMeta, type Meta } from './meta-table.ts'
import { migrateProject } from './migrations.ts'
import { claimPath } from './open-paths.ts'
import { NotAProjectError, ProjectDamagedError, ProjectTooNewError } from './project-errors.ts'
import { ProjectRecords } from './project-records.ts'
import { DEFAULT_STORE_OPTIONS, ProjectStore, type StoreOptions } from './project-store.ts'
import { recordsAgree } from './record-agreement.ts'
import { readRecords } from './record-table.ts'
import { salvageProject } from './salvage.ts'
import { checkSchema, FORMAT_VERSION } from './schema.ts'
import { collectionNames } from './stored-records.ts'
import { locateVideo } from './video-location.ts'

/** Up to this size every page is looked at when the project is opened; a sequential read makes that quick. */
const FULL_CHECK_BYTES = 256 * 1_048_576

/** Reads the file once from front to back, so that the checks that jump about in it find it in memory. */
async function warmFile(path: string): Promise<void> {
  const file = await open(path, 'r')
  try {
    const buffer = Buffer.alloc(1_048_576)
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length)
      if (bytesRead === 0) return
    }
  } finally {
    await file.close()
  }
}

/** Throws NotAProjectError or ProjectTooNewError; says whether the beginning of the file can be trusted. */
async function checkHeader(path: string): Promise<{ trusted: boolean; formatVersion: number }> {
  // To open a pipe would take until somebody writes to it.
  if (!(await stat(path)).isFile()) throw new NotAProjectError(basename(path))
  const header = await readFileHeader(path)
  if (header.isDatabase && header.isProject) {
    if (header.formatVersion > FORMAT_VERSION) throw new ProjectTooNewError(basename(path))
    return { trusted: true, formatVersion: header.formatVersion }
  }
  // By its name it was a project; whether anything of one is left in it is for the salvage to find out.
  if (extname(path) !== `.${PROJECT_EXTENSION}` || header.sizeBytes === 0)
    throw new NotAProjectError(basename(path))
  return { trusted: false, formatVersion: FORMAT_VERSION }
}

interface LoadedProject {
  readonly records: ProjectRecords
  readonly meta: Meta
}

/** Reads all small records. Throws ProjectDamagedError when anything is not as it was written. */
async function load(database: ProjectDatabase): Promise<LoadedProject> {
  const [pages, pageSize] = [database.row('PRAGMA page_count'), database.row('PRAGMA page_size')]
  const promisedBytes = (pages![0] as number) * (pageSize![0] as number)
  const { size } = await stat(database.path)
  if (size < promisedBytes) throw new ProjectDamagedError()
  if (size <= FULL_CHECK_BYTES && database.row('PRAGMA quick_check(1)')?.[0] !== 'ok')
    throw new ProjectDamagedError()
  checkSchema(database)
  const meta = readMeta(database)
  if (!isWholeMeta(meta) || meta.damageSeen) throw new ProjectDamagedError()
  const records = new ProjectRecords()
  for (const name of collectionNames) {
    const read = readRecords(database, name)
    if (read.damaged > 0) throw new ProjectDamagedError()
    for (const record of read.records) records.put(name, record)
  }
  if (records.get('properties', 1) === undefined) throw new ProjectDamagedError()
  if (!recordsAgree(records, meta)) throw new ProjectDamagedError()
  new HistoryTable(database).verify()
  return { records, meta }
}

async function openChecked(path: string): Promise<LoadedProject & { database: ProjectDatabase }> {
  const database = ProjectDatabase.open(path)
  try {
    return { database, ...(await load(database)) }
  } catch (error) {
    database.close()
    throw isUnreadable(error) ? new ProjectDamagedError({ cause: error }) : error
  }
}

async function openOrSalvage(
  path: string,
  notices: string[],
): Promise<LoadedProject & { database: ProjectDatabase }> {
  const { trusted, formatVersion } = await checkHeader(path)
  if (trusted) {
    await warmFile(path)
    try {
      if (formatVersion < FORMAT_VERSION) {
        const backup = await migrateProject(path, formatVersion)
        notices.push(
          `The project was brought to this version; the file as it was is kept as ${basename(backup)}.`,
        )
      }
      return await openChecked(path)
    } catch (error) {
      if (!isDamage(error)) throw error
    }
  }
  notices.push(...(await salvageProject(path)))
  return openChecked(path)
}

/**
 * Opens a project and locks it. A damaged file is opened as far as it is whole, with a copy kept; an older one is
 * brought to this version, with a copy kept; `notices` of the store say so. Runs that were under way become
 * interrupted, and every video's file is looked for.
 * Throws ProjectInUseError, ProjectMissingError, NotAProjectError, ProjectTooNewError (nothing touched),
 * ProjectReadOnlyError and their kin.
 */
export async function openProject(path: string, options: Partial<StoreOptions> = {}): Promise<ProjectStore> {
  let release: (() => void) | null = null
  try {
    release = claimPath(path)
    const notices: string[] = []
    const opened = await openOrSalvage(path, notices)
    const store = new ProjectStore({
      ...opened,
      notices,
      release,
      options: { ...DEFAULT_STORE_OPTIONS, ...options },
    })
    release = () => {
      store.close()
    }
    interruptRuns(store)
    collectGarbage(store)
    for (const file of store.records.all('videoFiles')) {
      store.setVideoLink(file.id, (await locateVideo(store.folder, file)).link)
    }
    return store
  } catch (error) {
    release?.()
    throw translateFileError(error, path)
  }
}
