import { z } from 'zod'
import { carryRequestSchema } from '../carry.ts'
import { edit, nothingSchema, query } from '../command.ts'
import { idSchema, revisionSchema } from '../scalars.ts'

/** Objects found again in further videos. */
export const carryCommands = {
  /** Searches; what becomes of it is told by `carry.progress`. */
  'carry.start': query(carryRequestSchema, z.strictObject({ carryId: idSchema })),
  /** Ends the search; what was found stays to be accepted. */
  'carry.cancel': query(z.strictObject({ carryId: idSchema }), nothingSchema),
  /** Makes hits keyframes of their objects, as one step, and tracks from them both ways, a run for each video. */
  'carry.accept': edit(
    z.strictObject({ carryId: idSchema, hitIds: z.array(idSchema).min(1).max(10_000) }),
    z.strictObject({ revision: revisionSchema, runIds: z.array(idSchema) }),
  ),
}
