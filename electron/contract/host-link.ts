import { z } from 'zod'
import { isCommandName } from './commands.ts'
import { isEventName } from './events.ts'
import { failureSchema } from './failure.ts'
import { filePurposeSchema } from './files.ts'
import { frameAddressSchema } from './frame-url.ts'
import { markSchema } from './history.ts'
import { fileTokenSchema, textSchema } from './scalars.ts'

/**
 * What only a host may tell its engine, on their private line. This is the one place of the contract where paths
 * appear; a message of the renderer never gets here.
 */
const pathSchema = z.string().min(1).max(32_768)

const startMessageSchema = z.strictObject({
  kind: z.literal('start'),
  appVersion: z.string().max(100),
  /** Settings, recent projects, logs, unsaved projects. */
  dataFolder: pathSchema,
  /** What ships with the app: the bundled model, the sample, ffmpeg. */
  resourcesFolder: pathSchema,
  /** Opened once the engine stands: from the command line, a file association, or before a crash. */
  openPath: pathSchema.nullable(),
})
export type StartMessage = z.infer<typeof startMessageSchema>

const grantFileSchema = z.strictObject({
  kind: z.literal('grantFile'),
  token: fileTokenSchema,
  path: pathSchema,
  purpose: filePurposeSchema,
})
export type FileGrant = Omit<z.infer<typeof grantFileSchema>, 'kind'>

export const hostMessageSchema = z.discriminatedUnion('kind', [
  startMessageSchema,
  grantFileSchema,
  z.strictObject({ kind: z.literal('revokeFile'), token: fileTokenSchema }),
  /** A project, video or image folder that the person opened from outside while the engine runs. */
  z.strictObject({ kind: z.literal('open'), path: pathSchema }),
  /** Finish writing, end all children, exit. */
  z.strictObject({ kind: z.literal('shutDown') }),
])
export type HostMessage = z.infer<typeof hostMessageSchema>

/** Counts up in the host, over all windows. */
const callIdSchema = z.int().min(0)

/** Everything that a host sends to the process of its engine. */
export const engineInputSchema = z.discriminatedUnion('kind', [
  ...hostMessageSchema.options,
  /** A call whose params have passed the command's schema. */
  z.strictObject({
    kind: z.literal('call'),
    callId: callIdSchema,
    command: z.string().refine(isCommandName),
    params: z.unknown(),
    mark: markSchema.optional(),
  }),
  z.strictObject({ kind: z.literal('picture'), callId: callIdSchema, address: frameAddressSchema }),
  z.strictObject({ kind: z.literal('cancelPicture'), callId: callIdSchema }),
  z.strictObject({ kind: z.literal('ping') }),
])
export type EngineInput = z.infer<typeof engineInputSchema>

export const pictureMediaTypeSchema = z.enum(['image/png', 'image/jpeg', 'image/webp'])
/** Encoded bytes of a frame; on the private line only, a renderer gets them by its address. */
export interface Picture {
  readonly mediaType: z.infer<typeof pictureMediaTypeSchema>
  readonly bytes: Uint8Array
}

export const logLevelSchema = z.enum(['error', 'warning', 'information'])
export type LogLevel = z.infer<typeof logLevelSchema>

/** Everything that an engine's process sends to its host. */
export const engineOutputSchema = z.discriminatedUnion('kind', [
  /** The engine stands, and what `openPath` named is open or a notice said why not. */
  z.strictObject({ kind: z.literal('ready') }),
  /** It cannot stand; the process ends next. */
  z.strictObject({ kind: z.literal('startFailed'), failure: failureSchema }),
  z.strictObject({ kind: z.literal('answer'), callId: callIdSchema, result: z.unknown() }),
  z.strictObject({ kind: z.literal('refusal'), callId: callIdSchema, failure: failureSchema }),
  z.strictObject({
    kind: z.literal('picture'),
    callId: callIdSchema,
    mediaType: pictureMediaTypeSchema,
    bytes: z.custom<Uint8Array>((value) => value instanceof Uint8Array),
  }),
  z.strictObject({ kind: z.literal('event'), event: z.string().refine(isEventName), payload: z.unknown() }),
  /** What to open again after a crash; null when nothing is open. */
  z.strictObject({ kind: z.literal('projectPath'), path: pathSchema.nullable() }),
  /** A token that the engine made for something it wrote; good for `files.reveal`. */
  z.strictObject({ kind: z.literal('offerFile'), token: fileTokenSchema, path: pathSchema }),
  z.strictObject({
    kind: z.literal('log'),
    level: logLevelSchema,
    scope: z.string().max(64),
    message: textSchema,
    detail: z.string().max(65_536).optional(),
  }),
  z.strictObject({ kind: z.literal('pong') }),
])
export type EngineOutput = z.infer<typeof engineOutputSchema>

/** How the other end of a line went away. */
export interface LinkEnd {
  readonly code: number | null
  readonly signal: string | null
  /** Last lines that the process wrote to its standard error, oldest first. */
  readonly lastErrorLines: readonly string[]
}

/** A host's end of the line to its engine's process. Messages are structured clones and arrive unchecked. */
export interface EngineLink {
  readonly processId: number | undefined
  /** Does nothing once the line is closed. */
  send(message: EngineInput): void
  onMessage(listener: (message: unknown) => void): void
  /** Called once, when the process has ended. */
  onClose(listener: (end: LinkEnd) => void): void
  /** Ends the process at once. */
  kill(): void
}
