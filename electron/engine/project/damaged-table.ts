import { isDamage, type ProjectDatabase, type SqlRow } from './database.ts'

const MOST_ROWS = 500
/** Enough to find the whole parts between many damaged places, and an end to the search where nothing is whole. */
const MOST_QUERIES = 2_000

interface KeyRange {
  readonly low: number
  readonly high: number
}

/**
 * Reads what can be read of a table in a damaged file: from the front and from the back as far as it goes, then the
 * stretch between by halving it. Rows come in no order; the first column is the key, and where the damage is in the
 * keys themselves one may come twice.
 */
export class DamagedTable {
  readonly #database: ProjectDatabase
  readonly #select: string
  readonly #key: string
  readonly #keepRow: (row: SqlRow) => void

  /** `select` is the columns and tables, the first column being `key`. */
  constructor(database: ProjectDatabase, select: string, key: string, keepRow: (row: SqlRow) => void) {
    this.#database = database
    this.#select = select
    this.#key = key
    this.#keepRow = keepRow
  }

  /** Hands every readable row to `keepRow`. */
  read(): void {
    const front = this.#readFromEnd({ low: 0, high: Number.MAX_SAFE_INTEGER }, 'ASC')
    if (front !== null) {
      const middle = this.#readFromEnd(front, 'DESC')
      if (middle !== null) this.#readByHalving(middle)
    }
  }

  #keep(rows: readonly SqlRow[]): void {
    for (const row of rows) this.#keepRow(row)
  }

  /** null where the rows cannot be read, or are not the ones that were asked for. */
  #query({ low, high }: KeyRange, order: 'ASC' | 'DESC', limit: number): SqlRow[] | null {
    try {
      const rows = this.#database.rows(
        `SELECT ${this.#select} WHERE ${this.#key} BETWEEN ? AND ? ORDER BY ${this.#key} ${order} LIMIT ?`,
        low,
        high,
        limit,
      )
      // A damaged tree may lead in circles. What comes out of it must at least bring the search forward.
      let newest = order === 'ASC' ? low - 1 : high + 1
      for (const [key] of rows) {
        if (typeof key !== 'number') return null
        const goesOn = order === 'ASC' ? key > newest && key <= high : key < newest && key >= low
        if (!goesOn) return null
        newest = key
      }
      return rows
    } catch (error) {
      if (isDamage(error)) return null
      throw error
    }
  }

  /** What is left of the range when a damaged place stops the reading; null when all was read. */
  #readFromEnd(range: KeyRange, order: 'ASC' | 'DESC'): KeyRange | null {
    let { low, high } = range
    let limit = MOST_ROWS
    while (low <= high) {
      const rows = this.#query({ low, high }, order, limit)
      if (rows === null) {
        if (limit === 1) return { low, high }
        limit = Math.ceil(limit / 8)
        continue
      }
      this.#keep(rows)
      const last = rows.at(-1)?.[0] as number | undefined
      if (last === undefined || rows.length < limit) return null
      if (order === 'ASC') low = last + 1
      else high = last - 1
    }
    return null
  }

  /** Widest ranges first, so that whole parts are found before the search is over. */
  #readByHalving(range: KeyRange): void {
    let ranges = [range]
    for (let queries = 0; ranges.length > 0 && queries < MOST_QUERIES;) {
      const next: KeyRange[] = []
      for (const { low, high } of ranges) {
        if (queries++ >= MOST_QUERIES) return
        const rows = this.#query({ low, high }, 'ASC', MOST_ROWS)
        if (rows !== null) {
          this.#keep(rows)
          const last = rows.at(-1)?.[0] as number | undefined
          if (rows.length === MOST_ROWS && last !== undefined) next.push({ low: last + 1, high })
        } else if (low < high) {
          const middle = low + Math.floor((high - low) / 2)
          next.push({ low, high: middle }, { low: middle + 1, high })
        }
      }
      ranges = next
    }
  }
}
