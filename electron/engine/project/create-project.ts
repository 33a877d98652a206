import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { link, open, rename, rm } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { ProjectDatabase } from './database.ts'
import { storedPath, videoPathFrom } from './video-location.ts'
import { translateFileError } from './file-errors.ts'
import { newMeta, writeMeta } from './meta-table.ts'
import { openProject } from './open-project.ts'
import { claimPath } from './open-paths.ts'
import { ProjectExistsError, ProjectInUseError } from './project-errors.ts'
import type { ProjectStore, StoreOptions } from './project-store.ts'
import { writeRecord } from './record-table.ts'
import { createTables } from './schema.ts'

/**
 * Lets `write` make a file beside `path` and puts it there in one move, so that there is never half a project. With
 * `overwrite` it takes the place of a project that nobody has open.
 */
async function putInPlace(path: string, overwrite: boolean, write: (scratch: string) => void): Promise<void> {
  const scratch = `${path}.${randomBytes(6).toString('hex')}.new`
  let release: (() => void) | null = null
  try {
    release = claimPath(path)
    if (existsSync(path)) {
      if (!overwrite) throw new ProjectExistsError(basename(path))
      requireUnlocked(path)
    }
    // Of a name that the disk does not take, SQLite would only say that it cannot be opened.
    await rm(scratch, { force: true })
    write(scratch)
    const file = await open(scratch, 'r+')
    await file.sync()
    await file.close()
    if (!overwrite && existsSync(path)) throw new ProjectExistsError(basename(path))
    await rm(`${path}-journal`, { force: true })
    if (overwrite) await rename(scratch, path)
    else await giveName(scratch, path)
  } catch (error) {
    for (const part of [scratch, `${scratch}-journal`]) await rm(part, { force: true }).catch(() => {})
    throw translateFileError(error, path)
  } finally {
    release?.()
  }
}

/** As `rename`, but throws ProjectExistsError where another process has just put a file there. */
async function giveName(scratch: string, path: string): Promise<void> {
  try {
    await link(scratch, path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST')
      throw new ProjectExistsError(basename(path))
    // Not every disk gives a file two names.
    await rename(scratch, path)
    return
  }
  await rm(scratch)
}

/** Throws ProjectInUseError when another process has it open; anything that is no database may be replaced. */
function requireUnlocked(path: string): void {
  try {
    ProjectDatabase.open(path).close()
  } catch (error) {
    if (error instanceof ProjectInUseError) throw error
  }
}

/** Makes an empty project and opens it. Throws ProjectExistsError unless `overwrite`. */
export async function createProject(
  path: string,
  options: Partial<StoreOptions> & { name: string; overwrite?: boolean },
): Promise<ProjectStore> {
  await putInPlace(path, options.overwrite ?? false, (scratch) => {
    const database = ProjectDatabase.open(scratch)
    try {
      database.transact(() => {
        createTables(database)
        writeMeta(database, newMeta())
        writeRecord(database, 'properties', { id: 1, name: options.name })
      })
    } finally {
      database.close()
    }
  })
  return openProject(path, options)
}

/**
 * Writes the project as it is to another file, its history included; the videos' relative paths are set anew. The
 * open project stays open.
 */
export async function copyProject(store: ProjectStore, path: string, overwrite: boolean): Promise<void> {
  await putInPlace(path, overwrite, (scratch) => {
    store.database.run('VACUUM INTO ?', scratch)
    const copy = ProjectDatabase.open(scratch)
    try {
      copy.transact(() => {
        for (const file of store.records.all('videoFiles')) {
          const relativePath = storedPath(dirname(path), videoPathFrom(store.folder, file.relativePath))
          writeRecord(copy, 'videoFiles', { ...file, relativePath })
        }
      })
    } finally {
      copy.close()
    }
  })
}
