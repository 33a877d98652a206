import { rowChecksum } from './checksum.ts'
import type { ProjectDatabase, SqlRow } from './database.ts'
import { UnkeepableRecordError } from './project-errors.ts'
import type { RecordChange } from './project-records.ts'
import { collectionSchemas, type AnyRecord, type CollectionName } from './stored-records.ts'

/** The record in a row of a collection's table, or null where the row does not hold what was once written. */
export function recordFromRow(name: CollectionName, row: SqlRow): AnyRecord | null {
  const [id, body, checksum] = row
  if (typeof body !== 'string' || rowChecksum(body) !== checksum) return null
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    return null
  }
  const record = collectionSchemas[name].safeParse(value)
  return record.success && record.data.id === id ? record.data : null
}

/** Reads a whole collection; `damaged` counts rows that could not be trusted. */
export function readRecords(
  database: ProjectDatabase,
  name: CollectionName,
): { records: AnyRecord[]; damaged: number } {
  const records: AnyRecord[] = []
  let damaged = 0
  for (const row of database.rows(`SELECT id, body, checksum FROM ${name}`)) {
    const record = recordFromRow(name, row)
    if (record === null) damaged++
    else records.push(record)
  }
  return { records, damaged }
}

/** @throws UnkeepableRecordError for one that `recordFromRow` would take for damaged */
export function writeRecord(database: ProjectDatabase, name: CollectionName, record: AnyRecord): void {
  const checked = collectionSchemas[name].safeParse(record)
  if (!checked.success) throw new UnkeepableRecordError({ cause: checked.error })
  const body = JSON.stringify(record)
  database.run(
    `INSERT INTO ${name} (id, body, checksum) VALUES (?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET body = excluded.body, checksum = excluded.checksum`,
    record.id,
    body,
    rowChecksum(body),
  )
}

export function writeChanges(database: ProjectDatabase, changes: Iterable<RecordChange>): void {
  for (const { collection, id, after } of changes) {
    if (after === null) database.run(`DELETE FROM ${collection} WHERE id = ?`, id)
    else writeRecord(database, collection, after)
  }
}
