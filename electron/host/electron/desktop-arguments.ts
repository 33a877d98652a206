import { resolve } from 'node:path'
import { z } from 'zod'

/** What a second start of the app hands to the first one. */
export const secondStartSchema = z.strictObject({ openPath: z.string().min(1).max(32_768).nullable() })
export type SecondStart = z.infer<typeof secondStartSchema>

/**
 * The file or folder that the app was started with, absolute; null without one. An unpackaged app has Electron's program
 * and its own folder before it. Chromium's switches are passed over.
 */
export function openPathFrom(argv: readonly string[], isPackaged: boolean, folder: string): string | null {
  const path = argv.slice(isPackaged ? 1 : 2).find((argument) => argument !== '' && !argument.startsWith('-'))
  return path === undefined ? null : resolve(folder, path)
}
