import { z } from 'zod'
import { devices, type Device } from '../runtime/session.ts'

/** What probing a device came to. */
export const findingSchema = z.discriminatedUnion('works', [
  z.object({
    device: z.enum(devices),
    works: z.literal(true),
    /** Largest difference of mask logits from the processor's, over their largest magnitude. */
    worstError: z.number().min(0),
    /** One tracked frame of one object with the built-in model at 512 px. */
    millisecondsPerFrame: z.number().positive(),
  }),
  z.object({
    device: z.enum(devices),
    works: z.literal(false),
    /** Why, as a sentence. */
    reason: z.string(),
  }),
])
export type Finding = z.infer<typeof findingSchema>

/** What a probe of this device said; null where it is no finding, or one of another device. */
export function findingOf(device: Device, said: unknown): Finding | null {
  const { data } = findingSchema.safeParse(said)
  return data?.device === device ? data : null
}

/** Numbers of a device may differ from the processor's by so much: a hundredth of what parity masks allow for. */
export const allowedError = 1e-2
