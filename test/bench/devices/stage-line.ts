import { z } from 'zod'

/** What the measuring process says of one stage, a line each. */
export const stageLineSchema = z.object({ graph: z.string(), milliseconds: z.number().positive() })
export type StageLine = z.infer<typeof stageLineSchema>
