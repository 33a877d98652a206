import { ProjectDatabase, type SqlRow } from './database.ts'
import { ProjectDamagedError } from './project-errors.ts'
import { collectionNames } from './stored-records.ts'

/** Raised with every change of the file that an older app would misread; each step has its migration. */
export const FORMAT_VERSION = 1

/** Marks the file as a Maskwright project ("MWRT"), where SQLite and `file` look for it. */
export const APPLICATION_ID = 0x4d575254

/** Makes the tables of an empty file. The order is part of the format: recovery relies on the same root pages. */
export function createTables(database: ProjectDatabase): void {
  database.execute(`PRAGMA application_id = ${String(APPLICATION_ID)}`)
  database.execute(`PRAGMA user_version = ${String(FORMAT_VERSION)}`)
  database.execute(
    'CREATE TABLE meta (id INTEGER PRIMARY KEY, name TEXT NOT NULL, body TEXT NOT NULL, checksum INTEGER NOT NULL)',
  )
  for (const name of collectionNames) {
    database.execute(
      `CREATE TABLE ${name} (id INTEGER PRIMARY KEY, body TEXT NOT NULL, checksum INTEGER NOT NULL)`,
    )
  }
  // A mask's id is its version's id and frame; scores lie apart so that whole lanes are summed without reading masks.
  database.execute(
    'CREATE TABLE masks (id INTEGER PRIMARY KEY, counts TEXT NOT NULL, checksum INTEGER NOT NULL)',
  )
  database.execute(`CREATE TABLE mask_scores (
    id INTEGER PRIMARY KEY, area_px INTEGER NOT NULL, object_score REAL, predicted_iou REAL, stability REAL,
    suspicion REAL, reasons INTEGER NOT NULL, checksum INTEGER NOT NULL)`)
  database.execute(`CREATE TABLE history_steps (
    id INTEGER PRIMARY KEY, action TEXT NOT NULL, subject TEXT, created_at INTEGER NOT NULL, mark TEXT,
    run_id INTEGER, undone INTEGER NOT NULL, checksum INTEGER NOT NULL)`)
  database.execute(`CREATE TABLE history_changes (
    id INTEGER PRIMARY KEY, step_id INTEGER NOT NULL, collection TEXT NOT NULL, record_id INTEGER NOT NULL,
    object_id INTEGER, before TEXT, after TEXT, checksum INTEGER NOT NULL)`)
  database.execute(
    'CREATE UNIQUE INDEX history_change_of_record ON history_changes (step_id, collection, record_id)',
  )
}

function readSchema(database: ProjectDatabase): SqlRow[] {
  return database.rows('SELECT type, name, sql FROM sqlite_schema ORDER BY rowid')
}

/** Throws ProjectDamagedError unless the file's tables are exactly those of this format. */
export function checkSchema(database: ProjectDatabase): void {
  const model = ProjectDatabase.open(':memory:')
  createTables(model)
  const expected = JSON.stringify(readSchema(model))
  model.close()
  if (JSON.stringify(readSchema(database)) !== expected) throw new ProjectDamagedError()
}
