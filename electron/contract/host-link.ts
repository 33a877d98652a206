import { z } from 'zod'
import { filePurposeSchema } from './files.ts'
import { fileTokenSchema } from './scalars.ts'

/**
 * What only a host may tell its engine, on their private line. This is the one place of the contract where paths
 * appear; a message of the renderer never gets here.
 */
const pathSchema = z.string().min(1).max(32_768)

export const hostMessageSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('start'),
    appVersion: z.string().max(100),
    /** Settings, recent projects, logs, unsaved projects. */
    dataFolder: pathSchema,
    /** What ships with the app: the bundled model, the sample, ffmpeg. */
    resourcesFolder: pathSchema,
    /** Opened once the engine stands: from the command line, a file association, or before a crash. */
    openPath: pathSchema.nullable(),
  }),
  z.strictObject({
    kind: z.literal('grantFile'),
    token: fileTokenSchema,
    path: pathSchema,
    purpose: filePurposeSchema,
  }),
  z.strictObject({ kind: z.literal('revokeFile'), token: fileTokenSchema }),
  /** Finish writing, end all children, exit. */
  z.strictObject({ kind: z.literal('shutDown') }),
])
export type HostMessage = z.infer<typeof hostMessageSchema>
