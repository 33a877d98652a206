import { statSync, type BigIntStats } from 'node:fs'
import { basename } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import {
  ProjectDamagedError,
  ProjectDiskFullError,
  ProjectInUseError,
  ProjectMovedError,
  ProjectReadOnlyError,
  ProjectWriteError,
} from './project-errors.ts'

export type SqlValue = number | string | null
export type SqlRow = readonly SqlValue[]

// Primary result codes of SQLite; the extended ones carry them in the low byte.
const BUSY = 5
const LOCKED = 6
const READONLY = 8
const IO_ERROR = 10
const CORRUPT = 11
const FULL = 13
const CANNOT_OPEN = 14
const NOT_A_DATABASE = 26

function resultCode(error: unknown): number | null {
  if (!(error instanceof Error) || !('errcode' in error)) return null
  return typeof error.errcode === 'number' ? error.errcode & 0xff : null
}

/** Whether SQLite says that bytes of the file are not what they must be. */
export function isDamage(error: unknown): boolean {
  if (error instanceof ProjectDamagedError) return true
  const code = resultCode(error)
  if (code === CORRUPT || code === NOT_A_DATABASE) return true
  // A damaged format number in the header has no code of its own.
  return error instanceof Error && error.message === 'unsupported file format'
}

/** As `isDamage`; also where the list of tables is so damaged that one of ours is not in it. */
export function isUnreadable(error: unknown): boolean {
  return isDamage(error) || (error instanceof Error && error.message.startsWith('no such'))
}

/** SQLite's errors as the project's own; anything else comes back as it was. */
export function translateError(error: unknown, path: string): unknown {
  const fileName = basename(path)
  if (isDamage(error)) return new ProjectDamagedError({ cause: error })
  switch (resultCode(error)) {
    case BUSY:
    case LOCKED:
      return new ProjectInUseError(fileName, { cause: error })
    case READONLY:
    case CANNOT_OPEN:
      return new ProjectReadOnlyError(fileName, { cause: error })
    case FULL:
      return new ProjectDiskFullError({ cause: error })
    case IO_ERROR:
      return new ProjectWriteError({ cause: error })
    default:
      return error
  }
}

type Statement = ReturnType<InstanceType<typeof DatabaseSync>['prepare']>

function fileAt(path: string): BigIntStats | undefined {
  return statSync(path, { bigint: true, throwIfNoEntry: false })
}

/**
 * Takes the lock, which exclusive mode then keeps, and finds out whether the file and its folder can be written to:
 * SQLite would open it for reading only and say so at the first edit. Changes nothing.
 */
function tryToWrite(database: InstanceType<typeof DatabaseSync>): void {
  database.exec('BEGIN EXCLUSIVE')
  const { user_version: version } = database.prepare('PRAGMA user_version').get() as { user_version: number }
  database.exec(`PRAGMA user_version = ${String(version)}`)
  database.exec('ROLLBACK')
}

/**
 * One SQLite file held by this process alone. The lock is the operating system's, so it ends with the process
 * however that ends. A transaction is on disk when `transact` returns: a rollback journal with full synchronisation
 * keeps the whole truth in one file, which can be copied at any time between two edits.
 */
export class ProjectDatabase {
  readonly path: string
  readonly #database: InstanceType<typeof DatabaseSync>
  /** Which file it is, whatever its name, and how long SQLite left it; undefined for one in memory. */
  #left: Pick<BigIntStats, 'dev' | 'ino' | 'size'> | undefined
  readonly #statements = new Map<string, Statement>()

  private constructor(path: string, database: InstanceType<typeof DatabaseSync>) {
    this.path = path
    this.#database = database
    this.#left = fileAt(path)
  }

  /** Opens or makes the file and takes the lock. Throws ProjectInUseError, ProjectReadOnlyError or a damage error. */
  static open(path: string): ProjectDatabase {
    let database: InstanceType<typeof DatabaseSync> | null = null
    try {
      database = new DatabaseSync(path, { timeout: 0 })
      database.exec('PRAGMA locking_mode = EXCLUSIVE')
      database.exec('PRAGMA journal_mode = TRUNCATE')
      database.exec('PRAGMA synchronous = FULL')
      database.exec('PRAGMA trusted_schema = OFF')
      database.exec('PRAGMA cell_size_check = ON')
      database.exec('PRAGMA cache_size = -32768')
      database.exec('PRAGMA temp_store = MEMORY')
      tryToWrite(database)
      return new ProjectDatabase(path, database)
    } catch (error) {
      database?.close()
      throw translateError(error, path)
    }
  }

  /** Runs statements without results. */
  execute(sql: string): void {
    this.#guard(() => {
      this.#database.exec(sql)
    })
  }

  /** Runs one statement that changes rows. */
  run(sql: string, ...values: SqlValue[]): void {
    this.#guard(() => this.#prepare(sql).run(...values))
  }

  /** First row, columns in order, or null. */
  row(sql: string, ...values: SqlValue[]): SqlRow | null {
    return this.#guard(() => (this.#prepare(sql).get(...values) as SqlRow | undefined) ?? null)
  }

  /** All rows, columns in order. */
  rows(sql: string, ...values: SqlValue[]): SqlRow[] {
    return this.#guard(() => this.#prepare(sql).all(...values) as SqlRow[])
  }

  /**
   * Runs `work` as one transaction: on disk when this returns, or nothing of it when it throws.
   * Throws ProjectDiskFullError and its kin; ProjectMovedError when another file, or none, has its name by now.
   */
  transact<Result>(work: () => Result): Result {
    this.#assertInPlace()
    this.execute('BEGIN IMMEDIATE')
    try {
      const result = work()
      this.execute('COMMIT')
      this.#left &&= fileAt(this.path) ?? this.#left
      return result
    } catch (error) {
      this.#rollBack()
      throw error
    }
  }

  /** Lets go of the file and of the lock, and removes the empty journal. */
  close(): void {
    if (!this.#database.isOpen) return
    this.#statements.clear()
    try {
      // Leaving exclusive mode needs one more access; only then is the journal's file removed.
      this.#database.exec('PRAGMA journal_mode = DELETE')
      this.#database.exec('PRAGMA locking_mode = NORMAL')
      this.#database.exec('PRAGMA user_version')
    } catch {
      // A file that cannot be tidied up can still be closed; the next opening sets it right.
    }
    this.#database.close()
  }

  /** SQLite would go on writing to a file that nobody finds any more, or that lost its end. */
  #assertInPlace(): void {
    if (this.#left === undefined) return
    const found = fileAt(this.path)
    if (found?.ino !== this.#left.ino || found.dev !== this.#left.dev)
      throw new ProjectMovedError(basename(this.path))
    if (found.size < this.#left.size) throw new ProjectDamagedError()
  }

  #prepare(sql: string): Statement {
    let statement = this.#statements.get(sql)
    if (statement === undefined) {
      statement = this.#database.prepare(sql)
      statement.setReturnArrays(true)
      this.#statements.set(sql, statement)
    }
    return statement
  }

  #rollBack(): void {
    // Some errors (a full disk) end the transaction by themselves.
    if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
  }

  #guard<Result>(work: () => Result): Result {
    try {
      return work()
    } catch (error) {
      throw translateError(error, this.path)
    }
  }
}
