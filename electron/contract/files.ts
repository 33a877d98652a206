import { z } from 'zod'
import { LIMITS } from './limits.ts'
import { byteCountSchema, fileTokenSchema, textSchema } from './scalars.ts'

/** Ending of a project file's name, without the dot. */
export const PROJECT_EXTENSION = 'maskwright'

/** What a chosen file or folder may be used for; a token is good for this and nothing else. */
export const filePurposeSchema = z.enum([
  'openProject',
  'saveProject',
  'addVideo',
  'addImageFolder',
  'relinkVideo',
  'relinkImageFolder',
  'importFile',
  'importFolder',
  'exportFolder',
  'queueStore',
  'modelFile',
  'modelsFolder',
  'ffmpegProgram',
])
export type FilePurpose = z.infer<typeof filePurposeSchema>

export const chosenFileSchema = z.strictObject({
  token: fileTokenSchema,
  /** Last part of its path, to be shown. */
  name: textSchema,
  kind: z.enum(['file', 'folder']),
})
export type ChosenFile = z.infer<typeof chosenFileSchema>

export const chosenFilesSchema = z.array(chosenFileSchema).max(LIMITS.files)

/** A line of the host's own file browser, where it has no native dialog. */
export const folderEntrySchema = z.strictObject({
  ...chosenFileSchema.shape,
  sizeBytes: byteCountSchema.nullable(),
  /** Whether it can be chosen for the purpose; folders can always be entered. */
  selectable: z.boolean(),
})

export const folderListingSchema = z.strictObject({
  folder: chosenFileSchema,
  /** null at a root. */
  parent: chosenFileSchema.nullable(),
  /** Where one may start: home, volumes, recently used folders. */
  places: z.array(chosenFileSchema).max(100),
  entries: z.array(folderEntrySchema).max(20_000),
  /** Entries beyond the bound exist that are not listed. */
  truncated: z.boolean(),
})
export type FolderListing = z.infer<typeof folderListingSchema>
