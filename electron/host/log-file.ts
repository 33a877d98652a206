import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Log } from '../contract/engine-surroundings.ts'
import { readLogEntry, writeLogEntry, type LogEntry } from './log-entry.ts'

/** Folder of the logs in the data folder. */
export const LOG_FOLDER_NAME = 'logs'

export interface LogFileOptions {
  /** A file that grew beyond this is put aside. */
  readonly maxBytes?: number
  /** So many put-aside files are kept. */
  readonly kept?: number
  /** Also told each line, for a terminal. */
  readonly echo?: (line: string) => void
}

/**
 * A log in `folder/name.log`, one JSON object a line. When it is full, it becomes `name.1.log`, that one `name.2.log` and so
 * on. Lines are on their way to the disk when the call returns, so that a crash does not take them along. A log that
 * cannot be written never disturbs the work: the line is dropped.
 */
export function openLogFile(folder: string, name: string, options: LogFileOptions = {}): Log {
  const { maxBytes = 2 * 1_048_576, kept = 4, echo } = options
  const path = (number: number): string =>
    join(folder, number === 0 ? `${name}.log` : `${name}.${String(number)}.log`)
  let size = 0
  attempt(() => {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  })
  attempt(() => {
    size = statSync(path(0)).size
  })

  function rotate(): void {
    for (let number = kept - 1; number >= 0; number--) {
      attempt(() => {
        renameSync(path(number), path(number + 1))
      })
    }
    size = 0
  }

  return (level, scope, message, detail) => {
    const line = `${writeLogEntry(level, scope, message, detail)}\n`
    const bytes = Buffer.byteLength(line)
    if (size > 0 && size + bytes > maxBytes) rotate()
    attempt(() => {
      appendFileSync(path(0), line, { mode: 0o600 })
      size += bytes
    })
    echo?.(`${level}: ${message}`)
  }
}

function attempt(action: () => void): void {
  try {
    action()
  } catch {
    // There is nowhere to report a failing log to.
  }
}

/** The newest errors and warnings of all logs in a folder, oldest first. A folder that is not there has none. */
export async function readLastProblems(folder: string, count = 50): Promise<LogEntry[]> {
  const names = await readdir(folder).catch(() => [])
  const texts = await Promise.all(
    // Files put aside once hold what was just before; older ones are history.
    names
      .filter((name) => /^[a-z-]+(\.1)?\.log$/.test(name))
      .map((name) => readFile(join(folder, name), 'utf8').catch(() => '')),
  )
  return texts
    .flatMap((text) => text.split('\n'))
    .map(readLogEntry)
    .filter((entry): entry is LogEntry => entry !== null && entry.level !== 'information')
    .sort((a, b) => a.time.localeCompare(b.time))
    .slice(-count)
}
