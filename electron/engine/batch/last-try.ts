import type { Device } from '../../../models/runtime/session.ts'
import { JobProcessEnded } from './run/job-process.ts'

/**
 * A graphics driver that fails may end the whole process, and no code in it can say so: the last try of such a job is
 * made on the processor.
 * @returns what a person is told of it; null where the failure is another one
 */
export function onProcessorSentence(failure: unknown, device: Device): string | null {
  if (!(failure instanceof JobProcessEnded) || device === 'cpu') return null
  return `${failure.message} It may have been the driver of ${device}, so the last try runs on the processor.`
}
