import { basename } from 'node:path'
import { ExportMismatch } from '../export-errors.ts'

/** For closing checks: a file that ends before its end. */
export function cutFile(path: string): ExportMismatch {
  return new ExportMismatch([`${basename(path)} has no end`])
}
