// The process that does jobs, one after another. `session.run` blocks it, so it holds no lock and talks to no queue.
import { collectRarely } from '../../collect-rarely.ts'
import { passError } from '../../tracking/passed-error.ts'
import { JobBench } from './job-bench.ts'
import type { FromJobProcess, ToJobProcess } from './job-messages.ts'

collectRarely()
const bench = new JobBench()

/** A worker that is gone cannot be told; this process then ends as it does when the line is cut. */
function send(message: FromJobProcess): void {
  process.send?.(message, undefined, undefined, (error) => {
    if (error !== null) process.exit(1)
  })
}

async function work({ job, settings, here }: ToJobProcess): Promise<void> {
  try {
    const outcome = await bench.run(job, settings, here, {
      onProgress: (stepsDone, stepCount) => send({ kind: 'progress', stepsDone, stepCount }),
      onNotice: (sentence) => send({ kind: 'notice', sentence }),
    })
    send({ kind: 'done', outcome })
  } catch (error) {
    send({ kind: 'failed', error: passError(error) })
  }
}

// Both ends are this program's; what came from outside was checked by the worker.
process.on('message', (message) => void work(message as ToJobProcess))
// A worker that was killed cannot say so. What is in the store stays; the rest is done again by another.
process.on('disconnect', () => process.exit(1))
// Ctrl-C reaches every process of a terminal; the worker says what becomes of the job.
process.on('SIGINT', () => {})
