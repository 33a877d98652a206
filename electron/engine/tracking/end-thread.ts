import { once } from 'node:events'
import type { Worker } from 'node:worker_threads'

/** Asks a model's thread to end; it hears it between two runs of its graphs. */
export const END_THREAD = 'end'

/** A run of the largest graph on a slow processor ends within this. */
const PATIENCE_MS = 60_000

/**
 * Ends a thread that runs a model, once the run that it is in has ended: a thread that is terminated inside the runtime
 * takes the whole process with it.
 */
export async function endThread(worker: Worker): Promise<void> {
  if (worker.threadId === -1) return
  const exited = once(worker, 'exit')
  worker.postMessage(END_THREAD)
  let timer: NodeJS.Timeout | undefined
  const tooLong = new Promise((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS)
  })
  await Promise.race([exited, tooLong])
  clearTimeout(timer)
  await worker.terminate()
}
