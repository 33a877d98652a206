import { constants } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { ProjectDatabase } from './database.ts'
import { FORMAT_VERSION } from './schema.ts'
import { siblingPath } from './sibling-path.ts'

/** Brings a file of version `to - 1` to version `to`. Runs inside a transaction. */
export interface Migration {
  readonly to: number
  readonly run: (database: ProjectDatabase) => void
}

/** One for each raise of the format's version, in order. */
export const migrations: readonly Migration[] = []

/**
 * Brings an older file to this version in one transaction, after a copy of it was put beside it. Returns the copy's
 * path. A failure leaves the file as it was.
 */
export async function migrateProject(
  path: string,
  fromVersion: number,
  options: { steps?: readonly Migration[]; toVersion?: number } = {},
): Promise<string> {
  const { steps = migrations, toVersion = FORMAT_VERSION } = options
  const backup = await siblingPath(path, `version-${String(fromVersion)}`)
  await copyFile(path, backup, constants.COPYFILE_EXCL)
  const database = ProjectDatabase.open(path)
  try {
    database.transact(() => {
      for (const step of steps) if (step.to > fromVersion) step.run(database)
      database.execute(`PRAGMA user_version = ${String(toVersion)}`)
    })
  } finally {
    database.close()
  }
  return backup
}
