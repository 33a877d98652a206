import type { HistoryState, HistoryStep, Mark } from '../../contract/history.ts'
import { rowChecksum } from './checksum.ts'
import type { ProjectDatabase, SqlRow } from './database.ts'
import { ProjectDamagedError } from './project-errors.ts'
import type { RecordChange } from './project-records.ts'
import { collectionSchemas, objectOfRecord, type AnyRecord, type CollectionName } from './stored-records.ts'

export interface StoredStep extends HistoryStep {
  readonly mark: Mark | null
  readonly runId: number | null
}

const STEP_COLUMNS = 'id, action, subject, created_at, mark, run_id, undone'

/** Without whether it is undone, which changes. */
function stepChecksum(step: StoredStep): number {
  return rowChecksum(step.id, step.action, step.subject, step.createdAt, step.mark, step.runId)
}

function stepFromRow(row: SqlRow | null): StoredStep | null {
  if (row === null) return null
  const [id, action, subject, createdAt, mark, runId, undone] = row
  return {
    id: id as number,
    action: action as string,
    subject: subject as string | null,
    createdAt: createdAt as number,
    mark: mark as string | null,
    runId: runId as number | null,
    undone: undone === 1,
  }
}

function publicStep(step: StoredStep | null): HistoryStep | null {
  if (step === null) return null
  const { id, action, subject, createdAt, undone } = step
  return { id, action, subject, createdAt, undone }
}

function recordFromText(collection: CollectionName, text: unknown): AnyRecord | null {
  return typeof text === 'string' ? collectionSchemas[collection].parse(JSON.parse(text)) : null
}

function objectOfChange({ collection, before, after }: RecordChange): number | null {
  const record = after ?? before
  return record === null ? null : objectOfRecord(collection, record)
}

/**
 * The undo history. A step keeps, for each record it touched, what the record was before and is after; taking a step
 * back or forth sets its records to the one or the other, in any order. Edits that join a step keep its first before
 * and get the last after, so a whole drag is as small as its outcome.
 */
export class HistoryTable {
  readonly #database: ProjectDatabase

  constructor(database: ProjectDatabase) {
    this.#database = database
  }

  state(): HistoryState {
    return { undo: publicStep(this.newestDone()), redo: publicStep(this.oldestUndone()) }
  }

  newestDone(): StoredStep | null {
    return stepFromRow(
      this.#database.row(
        `SELECT ${STEP_COLUMNS} FROM history_steps WHERE undone = 0 ORDER BY id DESC LIMIT 1`,
      ),
    )
  }

  oldestUndone(): StoredStep | null {
    return stepFromRow(
      this.#database.row(`SELECT ${STEP_COLUMNS} FROM history_steps WHERE undone = 1 ORDER BY id LIMIT 1`),
    )
  }

  newestWithMark(mark: Mark): StoredStep | null {
    return stepFromRow(
      this.#database.row(
        `SELECT ${STEP_COLUMNS} FROM history_steps WHERE mark = ? ORDER BY id DESC LIMIT 1`,
        mark,
      ),
    )
  }

  /** Newest first. */
  list(limit: number): HistoryStep[] {
    return this.#database
      .rows(`SELECT ${STEP_COLUMNS} FROM history_steps ORDER BY id DESC LIMIT ?`, limit)
      .map((row) => publicStep(stepFromRow(row))!)
  }

  add(step: StoredStep): void {
    this.#database.run(
      `INSERT INTO history_steps (${STEP_COLUMNS}, checksum) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      step.id,
      step.action,
      step.subject,
      step.createdAt,
      step.mark,
      step.runId,
      step.undone ? 1 : 0,
      stepChecksum(step),
    )
  }

  setUndone(stepId: number, undone: boolean): void {
    this.#database.run('UPDATE history_steps SET undone = ? WHERE id = ?', undone ? 1 : 0, stepId)
  }

  remove(stepId: number): void {
    this.#database.run('DELETE FROM history_changes WHERE step_id = ?', stepId)
    this.#database.run('DELETE FROM history_steps WHERE id = ?', stepId)
  }

  /** A new edit closes the way forward. */
  removeUndone(): void {
    this.#database.run(
      'DELETE FROM history_changes WHERE step_id IN (SELECT id FROM history_steps WHERE undone = 1)',
    )
    this.#database.run('DELETE FROM history_steps WHERE undone = 1')
  }

  /** Adds changes to a step; the step goes when nothing is left of it. */
  record(stepId: number, changes: readonly RecordChange[]): void {
    for (const change of changes) this.#recordOne(stepId, change)
    const left = this.#database.row('SELECT 1 FROM history_changes WHERE step_id = ? LIMIT 1', stepId)
    if (left === null) this.remove(stepId)
  }

  changesOf(stepId: number): RecordChange[] {
    return this.#database
      .rows(
        'SELECT collection, record_id, before, after, checksum FROM history_changes WHERE step_id = ?',
        stepId,
      )
      .map(([collection, recordId, before, after, checksum]) => {
        if (rowChecksum(stepId, collection!, recordId!, before!, after!) !== checksum)
          throw new ProjectDamagedError()
        const name = collection as CollectionName
        return {
          collection: name,
          id: recordId as number,
          before: recordFromText(name, before),
          after: recordFromText(name, after),
        }
      })
  }

  /** Whether a later step, done or undone, is about the same records or objects, so that the order matters. */
  isTouchedAfter(stepId: number, changes: readonly RecordChange[]): boolean {
    const objects = new Set<number>()
    for (const change of changes) {
      const { collection, id } = change
      const record = this.#database.row(
        'SELECT 1 FROM history_changes WHERE step_id > ? AND collection = ? AND record_id = ? LIMIT 1',
        stepId,
        collection,
        id,
      )
      if (record !== null) return true
      const objectId = objectOfChange(change)
      if (objectId !== null) objects.add(objectId)
    }
    for (const objectId of objects) {
      const touched = this.#database.row(
        'SELECT 1 FROM history_changes WHERE step_id > ? AND object_id = ? LIMIT 1',
        stepId,
        objectId,
      )
      if (touched !== null) return true
    }
    return false
  }

  /** Whether a step made this record. */
  madeRecord(stepId: number, collection: CollectionName, recordId: number): boolean {
    return (
      this.#database.row(
        `SELECT 1 FROM history_changes WHERE step_id = ? AND collection = ? AND record_id = ? AND before IS NULL`,
        stepId,
        collection,
        recordId,
      ) !== null
    )
  }

  /** Versions that some step still speaks of, so that undo or redo may show them again. */
  versionsSpokenOf(): Set<number> {
    const rows = this.#database.rows(
      `SELECT record_id FROM history_changes WHERE collection = 'versions'
       UNION SELECT json_extract(before, '$.versionId') FROM history_changes WHERE collection = 'spans'
       UNION SELECT json_extract(after, '$.versionId') FROM history_changes WHERE collection = 'spans'`,
    )
    return new Set(rows.map(([id]) => id).filter((id) => typeof id === 'number'))
  }

  /** Reads every step. Throws ProjectDamagedError when one is not as it was written. */
  verify(): void {
    let undone = false
    for (const row of this.#database.rows(
      `SELECT ${STEP_COLUMNS}, checksum FROM history_steps ORDER BY id`,
    )) {
      const step = stepFromRow(row)!
      // Steps are undone from the newest on, so a done one cannot follow an undone one.
      if (stepChecksum(step) !== row[7] || (undone && !step.undone)) throw new ProjectDamagedError()
      undone = step.undone
      try {
        this.changesOf(step.id)
      } catch (error) {
        throw new ProjectDamagedError({ cause: error })
      }
    }
  }

  count(): number {
    return this.#database.row('SELECT count(*) FROM history_steps')![0] as number
  }

  /** The next to be forgotten when the history grows too long. */
  oldestDone(): StoredStep | null {
    return stepFromRow(
      this.#database.row(`SELECT ${STEP_COLUMNS} FROM history_steps WHERE undone = 0 ORDER BY id LIMIT 1`),
    )
  }

  #recordOne(stepId: number, change: RecordChange): void {
    const { collection, id } = change
    const known = this.#database.row(
      'SELECT before FROM history_changes WHERE step_id = ? AND collection = ? AND record_id = ?',
      stepId,
      collection,
      id,
    )
    const now = change.before === null ? null : JSON.stringify(change.before)
    const before = known === null ? now : (known[0] as string | null)
    const after = change.after === null ? null : JSON.stringify(change.after)
    if (before === after) {
      this.#database.run(
        'DELETE FROM history_changes WHERE step_id = ? AND collection = ? AND record_id = ?',
        stepId,
        collection,
        id,
      )
      return
    }
    this.#database.run(
      `INSERT INTO history_changes (step_id, collection, record_id, object_id, before, after, checksum)
       VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (step_id, collection, record_id) DO UPDATE SET after = excluded.after, checksum = excluded.checksum`,
      stepId,
      collection,
      id,
      objectOfChange(change),
      before,
      after,
      rowChecksum(stepId, collection, id, before, after),
    )
  }
}
