import { z } from 'zod'
import { LIMITS } from './limits.ts'
import { idSchema, instantSchema, textSchema } from './scalars.ts'

/**
 * Ties edits into one step of the history: edits with the same mark that follow each other are undone together.
 * The renderer makes a new one for each gesture (a drag, a stroke).
 */
export const markSchema = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/)
export type Mark = z.infer<typeof markSchema>

export const historyStepSchema = z.strictObject({
  id: idSchema,
  /** The command that made it, `object.rename`; the renderer has the words. */
  action: z.string().regex(/^[A-Za-z.]{1,64}$/),
  /** What it was about, mostly an object's name at that time. */
  subject: textSchema.nullable(),
  createdAt: instantSchema,
  undone: z.boolean(),
})
export type HistoryStep = z.infer<typeof historyStepSchema>

/** What the next undo and redo would do; null where there is nothing. */
export const historyStateSchema = z.strictObject({
  undo: historyStepSchema.nullable(),
  redo: historyStepSchema.nullable(),
})
export type HistoryState = z.infer<typeof historyStateSchema>

export const historyStepsSchema = z.array(historyStepSchema).max(LIMITS.historySteps)
