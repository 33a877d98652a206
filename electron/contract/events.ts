import { z } from 'zod'
import { carryProgressSchema } from './carry.ts'
import { projectChangeSchema } from './changes.ts'
import { exportProgressSchema } from './export-options.ts'
import { LIMITS } from './limits.ts'
import { downloadProgressSchema } from './model-catalogue.ts'
import { projectSchema } from './project.ts'
import { frameIndexSchema, idSchema, revisionSchema, textSchema } from './scalars.ts'
import { settingsPlacesSchema, settingsSchema } from './settings.ts'
import { frameMasksSchema, trackProgressSchema } from './tracking.ts'

/** `restarting`: it died and is started again; calls under way were answered with EngineUnavailable. */
export const engineStatusSchema = z.strictObject({
  state: z.enum(['starting', 'ready', 'restarting', 'failed']),
  /** Starts since it was last ready. */
  attempt: z.int().min(0),
  message: textSchema.nullable(),
})
export type EngineStatus = z.infer<typeof engineStatusSchema>

/** `failed`: the newest edit could not be written and was taken back; all before it is safe. */
export const saveStatusSchema = z.strictObject({
  state: z.enum(['saved', 'saving', 'failed']),
  revision: revisionSchema,
  message: textSchema.nullable(),
})
export type SaveStatus = z.infer<typeof saveStatusSchema>

export const noticeSchema = z.strictObject({
  level: z.enum(['information', 'warning', 'error']),
  /** Stable, so that a notice can be answered by an action; `ModelFellBackToCpu`. */
  code: z.string().regex(/^[A-Za-z][A-Za-z0-9]{0,63}$/),
  message: textSchema,
  /** What it is about, for the person to go to. */
  place: z
    .strictObject({
      videoId: idSchema,
      frameIndex: frameIndexSchema,
      objectIds: z.array(idSchema).max(LIMITS.objects),
    })
    .optional(),
})
export type Notice = z.infer<typeof noticeSchema>

/** Every event that the engine or the host sends to the renderer, by name, with its payload. */
export const events = {
  /** Another project was opened or made, or none is open now. */
  'project.opened': z.strictObject({
    project: projectSchema.nullable(),
    notices: z.array(textSchema).max(100),
  }),
  'project.changed': projectChangeSchema,
  /** New present masks with their content, so that they can be drawn as they are made. */
  'masks.updated': z.strictObject({ revision: revisionSchema, masks: frameMasksSchema }),
  'track.progress': trackProgressSchema,
  'carry.progress': carryProgressSchema,
  'engine.status': engineStatusSchema,
  'save.status': saveStatusSchema,
  notice: noticeSchema,
  'export.progress': exportProgressSchema,
  'download.progress': downloadProgressSchema,
  /** A picture is being encoded for the first click on it, or no longer. */
  'image.encoding': z.strictObject({
    videoId: idSchema,
    frameIndex: frameIndexSchema,
    state: z.enum(['encoding', 'encoded', 'cancelled', 'failed']),
  }),
  'settings.changed': z.strictObject({ settings: settingsSchema, places: settingsPlacesSchema }),
} as const

export type EventName = keyof typeof events
export type EventPayload<Name extends EventName> = z.output<(typeof events)[Name]>

/** Whether a string from outside names an event; inherited names do not. */
export function isEventName(name: string): name is EventName {
  return Object.hasOwn(events, name)
}
