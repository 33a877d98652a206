import { z } from 'zod'
import { edit, nothingSchema, query } from '../command.ts'
import { LIMITS } from '../limits.ts'
import { queueJobIdsSchema, queueStatusSchema } from '../queue.ts'
import { fileTokenSchema, idSchema, revisionSchema, textSchema } from '../scalars.ts'

/** Tracking on other machines: jobs go through a queue, videos and results through a store. */
export const queueCommands = {
  'queue.status': query(nothingSchema, queueStatusSchema),
  /** Tries queue and store and remembers them. Null keeps the one that is known. */
  'queue.use': query(
    z.strictObject({
      /** May carry credentials; they are kept on this machine and never told again. */
      address: textSchema.nullable(),
      store: z
        .discriminatedUnion('kind', [
          z.strictObject({ kind: z.literal('folder'), fileToken: fileTokenSchema }),
          z.strictObject({ kind: z.literal('bucket'), address: textSchema }),
        ])
        .nullable(),
    }),
    queueStatusSchema,
  ),
  /** Sends the prompts of videos as they are now, a job for each shot. Answers when all is in store and queue. */
  'queue.send': query(
    z.strictObject({ videoIds: z.array(idSchema).min(1).max(LIMITS.videos) }),
    z.strictObject({ jobCount: z.int().min(0) }),
  ),
  /** Takes waiting jobs out of the queue, and those that have ended off the list. Those under way stay. */
  'queue.remove': query(z.strictObject({ jobIds: queueJobIdsSchema }), nothingSchema),
  /** Makes the masks that jobs found the present ones of their objects, as one step. */
  'queue.take': edit(
    z.strictObject({ jobIds: queueJobIdsSchema }),
    z.strictObject({ revision: revisionSchema, maskCount: z.int().min(0) }),
  ),
}
