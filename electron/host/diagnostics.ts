import { cpus, homedir, release, totalmem } from 'node:os'
import { LIMITS } from '../contract/limits.ts'
import type { LogEntry } from './log-entry.ts'

export interface DiagnosticsInput {
  readonly appVersion: string
  /** What the engine knows, such as one line a device. */
  readonly lines: readonly string[]
  /** Newest errors and warnings, oldest first. Only their messages are repeated, never their details. */
  readonly problems: readonly LogEntry[]
}

/** The text behind "copy diagnostics": versions, machine, devices, last errors; no paths. */
export function diagnosticsText({ appVersion, lines, problems }: DiagnosticsInput): string {
  const versions = (['node', 'electron', 'chrome', 'v8'] as const).flatMap((name) => {
    const version = process.versions[name]
    return version === undefined ? [] : [`${name} ${version}`]
  })
  const processors = cpus()
  const text = [
    `Maskwright ${appVersion}`,
    versions.join(', '),
    `${process.platform} ${release()} ${process.arch}`,
    `${String(processors.length)} x ${processors[0]?.model.trim() ?? 'unknown processor'}, ${(totalmem() / 2 ** 30).toFixed(1)} GiB`,
    ...lines,
    '',
    problems.length === 0 ? 'No errors or warnings.' : 'Last errors and warnings:',
    ...problems.map((entry) => `${entry.time} ${entry.level} [${entry.scope}] ${entry.message}`),
  ].join('\n')
  return withoutPaths(text).slice(0, LIMITS.reportLength)
}

/**
 * Takes out everything that looks like a place on this machine. Messages should hold none; this is for those of
 * libraries. What stands in quotes goes as a whole, since names of files may hold blanks.
 */
export function withoutPaths(text: string, home: string = homedir()): string {
  const withoutHome = home.length > 1 ? text.replaceAll(home, '~') : text
  return withoutHome
    .replace(/(["'`])(?:(?!\1)[^\n])*[\\/](?:(?!\1)[^\n])*\1/g, '$1…$1')
    .replace(/file:\/\/[^\s"'`)]*/g, '…')
    .replace(/\b[A-Za-z]:[\\/][^\s"'`),;]*/g, '…')
    .replace(/(^|[\s(=:,[])(?:~|\.{1,2})?[\\/][^\s"'`),;\]]+/gm, '$1…')
}
