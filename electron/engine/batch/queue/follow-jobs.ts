import type { JobQueue } from './job-queue.ts'
import { QueueUnavailable } from './redis-address.ts'

export type FollowedEnd = { readonly kind: 'done' } | { readonly kind: 'failed'; readonly reason: string }

export interface FollowOptions {
  readonly signal: AbortSignal
  /** Jobs that have ended, of all. */
  onProgress(ended: number, total: number): void
}

/** Jobs asked after in one round; the queue is first in, first out, so the oldest end first. */
const askedAtOnce = 100
const pauseMs = 1_000

/**
 * Waits until jobs have ended. While the queue is away it waits for it: the workers do, too.
 * @returns how each ended; those that have not when the signal fires are missing
 */
export async function followJobs(
  queue: JobQueue,
  keys: readonly string[],
  { signal, onProgress }: FollowOptions,
): Promise<Map<string, FollowedEnd>> {
  const ends = new Map<string, FollowedEnd>()
  while (ends.size < keys.length && !signal.aborted) {
    const pending = keys.filter((key) => !ends.has(key)).slice(0, askedAtOnce)
    try {
      for (const key of pending) {
        const job = await queue.job(key)
        if (job === null)
          ends.set(key, { kind: 'failed', reason: 'The queue does not know the job any more.' })
        else if (job.state === 'done') ends.set(key, { kind: 'done' })
        else if (job.state === 'failed') ends.set(key, { kind: 'failed', reason: job.reason ?? 'unknown' })
      }
    } catch (error) {
      if (!(error instanceof QueueUnavailable)) throw error
    }
    onProgress(ends.size, keys.length)
    if (ends.size < keys.length) await pause(signal)
  }
  return ends
}

function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, pauseMs)
    signal.addEventListener('abort', end)
  })
}
