import { hasResult } from '../run/job-result.ts'
import { StoreUnavailable, type ResultStore } from '../store/result-store.ts'
import { pause } from '../pause.ts'
import type { JobQueue, JobStanding } from './job-queue.ts'
import { QueueUnavailable } from './redis-address.ts'

export type FollowedEnd = { readonly kind: 'done' } | { readonly kind: 'failed'; readonly reason: string }

export interface FollowOptions {
  readonly signal: AbortSignal
  /** Jobs that have ended, of all. */
  onProgress(ended: number, total: number): void
  /** A job waits for more than a worker; told again while it does. */
  onWaiting(key: string, reason: string): void
}

/** Jobs asked after in one round; the others have their turn in the next. */
const askedAtOnce = 5_000
const pauseMs = 1_000

/**
 * Waits until jobs have ended. While queue or store are away it waits for them: the workers do, too.
 * @returns how each ended; those that have not when the signal fires are missing
 */
export async function followJobs(
  queue: JobQueue,
  store: ResultStore,
  keys: readonly string[],
  { signal, onProgress, onWaiting }: FollowOptions,
): Promise<Map<string, FollowedEnd>> {
  const ends = new Map<string, FollowedEnd>()
  const pending = new Set(keys)
  const total = pending.size
  /** A sender may just be putting it in anew, so that missing once is not being gone. */
  const missing = new Set<string>()
  while (pending.size > 0 && !signal.aborted) {
    const asked = [...pending].slice(0, askedAtOnce)
    try {
      for (const [n, standing] of (await queue.standings(asked)).entries()) {
        const key = asked[n]!
        if (standing.kind === 'under-way' && standing.waitsFor !== null) onWaiting(key, standing.waitsFor)
        const end = await endOf(standing, () => hasResult(store, key), store.address, missing.has(key))
        if (standing.kind === 'unknown') missing.add(key)
        pending.delete(key)
        if (end === null) pending.add(key)
        else ends.set(key, end)
      }
    } catch (error) {
      if (!(error instanceof QueueUnavailable || error instanceof StoreUnavailable)) throw error
    }
    onProgress(ends.size, total)
    if (pending.size > 0) await pause(pauseMs, signal)
  }
  return ends
}

/** @returns null while the job has not ended */
async function endOf(
  standing: JobStanding,
  isStored: () => Promise<boolean>,
  storeAddress: string,
  wasMissing: boolean,
): Promise<FollowedEnd | null> {
  if (standing.kind === 'under-way') return null
  // Only the store knows for good: the queue forgets finished jobs after a while.
  if (await isStored()) return { kind: 'done' }
  switch (standing.kind) {
    case 'failed':
      return standing
    case 'done':
      return {
        kind: 'failed',
        reason: `The queue calls it done, but ${storeAddress} has no result of it. Do the workers use another store?`,
      }
    case 'unknown':
      return wasMissing ? { kind: 'failed', reason: 'The queue does not know the job any more.' } : null
  }
}
