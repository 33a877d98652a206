import { failureSentence } from '../failure-sentence.ts'

/** Failures that are this machine's or the moment's, not the job's: another worker, or a later one, may do it. */
const waitingCodes: ReadonlySet<string> = new Set([
  'store-unavailable',
  'model-not-downloaded',
  'other-model',
  'no-such-model',
])

/** The sentence of a failure that does not count as a try, because the job waits for what is missing; null for others. */
export function waitingReason(error: unknown): string | null {
  const code = error instanceof Error && 'code' in error ? error.code : null
  return typeof code === 'string' && waitingCodes.has(code) ? failureSentence(error) : null
}
