import { setTimeout } from 'node:timers/promises'

/** Waits so long, or until the signal fires. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await setTimeout(milliseconds, undefined, { signal }).catch(() => {})
}
