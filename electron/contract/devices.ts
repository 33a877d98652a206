import { z } from 'zod'
import { byteCountSchema, textSchema } from './scalars.ts'

export const executionProviderSchema = z.enum(['cpu', 'cuda', 'directml', 'coreml', 'webgpu'])
export type ExecutionProvider = z.infer<typeof executionProviderSchema>

export const deviceSchema = z.strictObject({
  /** Stable on this machine: `webgpu:0`. */
  id: z.string().regex(/^[a-z]+:[0-9]{1,3}$/),
  provider: executionProviderSchema,
  name: textSchema,
  /** `untested` until its probe ran. */
  state: z.enum(['untested', 'works', 'failed']),
  /** Why it failed, as a sentence. */
  reason: textSchema.nullable(),
  memoryBytes: byteCountSchema.nullable(),
  /** Times as fast as the CPU in the probe. */
  speedOverCpu: z.number().min(0).nullable(),
  inUse: z.boolean(),
})
export type Device = z.infer<typeof deviceSchema>

export const devicesSchema = z.array(deviceSchema).max(64)
