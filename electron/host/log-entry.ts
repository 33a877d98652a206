import { z } from 'zod'
import { logLevelSchema, type LogLevel } from '../contract/host-link.ts'

/** A line of the log file, as JSON. `detail` may name the person's files and stays out of diagnostics. */
export const logEntrySchema = z.object({
  time: z.iso.datetime(),
  level: logLevelSchema,
  scope: z.string(),
  message: z.string(),
  detail: z.string().optional(),
})
export type LogEntry = z.infer<typeof logEntrySchema>

const LONGEST_DETAIL = 16_384

/** Turns whatever was thrown or found into text, causes included. */
export function describeDetail(detail: unknown): string {
  return describe(detail, 0).slice(0, LONGEST_DETAIL)
}

function describe(detail: unknown, depth: number): string {
  if (detail instanceof Error) {
    const text = detail.stack ?? String(detail)
    return detail.cause === undefined || depth > 4
      ? text
      : `${text}\ncaused by ${describe(detail.cause, depth + 1)}`
  }
  if (typeof detail === 'string') return detail
  try {
    return JSON.stringify(detail) ?? String(detail)
  } catch {
    return String(detail)
  }
}

/** @returns the line without its end. */
export function writeLogEntry(level: LogLevel, scope: string, message: string, detail: unknown): string {
  const entry: LogEntry = { time: new Date().toISOString(), level, scope, message }
  return JSON.stringify(detail === undefined ? entry : { ...entry, detail: describeDetail(detail) })
}

/** null for a line that is no entry, such as one cut by a crash. */
export function readLogEntry(line: string): LogEntry | null {
  try {
    const entry = logEntrySchema.safeParse(JSON.parse(line))
    return entry.success ? entry.data : null
  } catch {
    return null
  }
}
