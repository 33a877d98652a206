import { z } from 'zod'
import { edit, hostQuery, nothingSchema, query } from '../command.ts'
import { devicesSchema } from '../devices.ts'
import {
  exportFormatSchema,
  exportRequestSchema,
  exportSelectionSchema,
  exportTargetSchema,
} from '../export-options.ts'
import { importReportSchema, importRequestSchema } from '../import-options.ts'
import { LIMITS } from '../limits.ts'
import { modelEntriesSchema, modelIdSchema } from '../model-catalogue.ts'
import { fileTokenSchema, frameIndexSchema, idSchema, revisionSchema } from '../scalars.ts'
import { settingsPatchSchema, settingsPlacesSchema, settingsSchema } from '../settings.ts'

const settingsResult = z.strictObject({ settings: settingsSchema, places: settingsPlacesSchema })
const modelsResult = z.strictObject({ models: modelEntriesSchema })

/** Everything around the labels: data in and out, settings, models, devices. */
export const deskCommands = {
  'export.formats': query(nothingSchema, z.strictObject({ formats: z.array(exportFormatSchema).max(100) })),
  'export.start': query(exportRequestSchema, z.strictObject({ exportId: idSchema })),
  'export.cancel': query(z.strictObject({ exportId: idSchema }), nothingSchema),
  /** The first frame as the export would write it, where that is a picture. */
  'export.preview': query(
    z.strictObject({ selection: exportSelectionSchema, target: exportTargetSchema }),
    z.strictObject({
      frameIndex: frameIndexSchema,
      /** PNG in base64; null for formats without a picture. */
      png: z
        .base64()
        .max(64 * 1_048_576)
        .nullable(),
      /** First lines of a text format. */
      text: z.string().max(20_000).nullable(),
    }),
  ),
  'import.start': edit(
    importRequestSchema,
    z.strictObject({ revision: revisionSchema, report: importReportSchema }),
  ),

  'settings.get': query(nothingSchema, settingsResult),
  'settings.set': query(z.strictObject({ patch: settingsPatchSchema }), settingsResult),
  'settings.setPlace': query(
    z.strictObject({
      place: z.enum(['modelsFolder', 'ffmpegProgram']),
      fileToken: fileTokenSchema.nullable(),
    }),
    settingsResult,
  ),

  'models.list': query(nothingSchema, modelsResult),
  'models.download': query(z.strictObject({ modelId: modelIdSchema }), nothingSchema),
  'models.cancelDownload': query(z.strictObject({ modelId: modelIdSchema }), nothingSchema),
  'models.remove': query(z.strictObject({ modelId: modelIdSchema }), modelsResult),
  'models.use': query(z.strictObject({ modelId: modelIdSchema }), modelsResult),
  /** A checkpoint of the person's own. */
  'models.addFile': query(z.strictObject({ fileToken: fileTokenSchema }), modelsResult),

  /** Starts the engine again after its host gave up on it; does nothing while it runs. */
  'engine.restart': hostQuery(nothingSchema, nothingSchema),

  /** Looks for a newer version of the app and asks, in dialogs of its own, before it downloads or installs one. */
  'updates.check': hostQuery(
    nothingSchema,
    z.strictObject({ outcome: z.enum(['current', 'declined', 'ready']) }),
  ),

  /** Shows what the app is made of; where the host cannot open the page itself, it answers where it serves it. */
  'licences.open': hostQuery(
    nothingSchema,
    z.strictObject({ address: z.string().startsWith('/').max(200).nullable() }),
  ),

  'devices.list': query(
    z.strictObject({ probeAgain: z.boolean() }),
    z.strictObject({ devices: devicesSchema }),
  ),
  /** Versions, devices and last errors, without paths of the person's files. */
  'diagnostics.copy': query(nothingSchema, z.strictObject({ text: z.string().max(LIMITS.reportLength) })),
}
