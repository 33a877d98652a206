import { z } from 'zod'
import { textSchema } from './scalars.ts'

/** Raised with every change of the contract that an older side would misunderstand. */
export const CONTRACT_VERSION = 1

export const helloParamsSchema = z.strictObject({ contractVersion: z.int().min(0).max(1_000_000) })

/** What the host around the interface can do. */
export const hostCapabilitiesSchema = z.strictObject({
  kind: z.enum(['electron', 'browser', 'commandLine']),
  platform: z.enum(['linux', 'darwin', 'win32', 'other']),
  /** Native open and save dialogs; without them the interface shows `files.browse`. */
  nativeDialogs: z.boolean(),
  /** Can show a file in the system's file manager. */
  revealFiles: z.boolean(),
  /** Can look for a newer version of itself, when asked. */
  updates: z.boolean(),
})
export type HostCapabilities = z.infer<typeof hostCapabilitiesSchema>

export const helloResultSchema = z.strictObject({
  contractVersion: z.int(),
  appVersion: textSchema,
  host: hostCapabilitiesSchema,
})
export type HelloResult = z.infer<typeof helloResultSchema>
