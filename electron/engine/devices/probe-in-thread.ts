import { Worker } from 'node:worker_threads'
import { findingOf, type Finding } from '../../../models/devices/finding.ts'
import type { Device } from '../../../models/runtime/session.ts'
import { hangReason, probeScript, usualPatienceMs, type ProbeOptions } from './probe-script.ts'

/**
 * Probes a device in a thread: in the packed studio, whose program cannot run as Node and whose engine has a process to
 * itself. A crash takes this process along; whoever asks puts down beforehand that it tries.
 * @throws the signal's reason
 */
export async function probeInThread(device: Device, options: ProbeOptions = {}): Promise<Finding> {
  const { patienceMs = usualPatienceMs, script = probeScript(), signal } = options
  signal?.throwIfAborted()
  const worker = new Worker(script, { workerData: device })
  const failed = (reason: string): Finding => ({ device, works: false, reason })
  let patience: NodeJS.Timeout | undefined
  let stop: (() => void) | undefined
  try {
    return await new Promise<Finding>((resolve, reject) => {
      stop = () => {
        reject(signal?.reason as Error)
      }
      signal?.addEventListener('abort', stop)
      patience = setTimeout(() => {
        resolve(failed(hangReason(patienceMs)))
      }, patienceMs)
      worker.once('message', (message: unknown) => {
        resolve(findingOf(device, message) ?? failed('What it answered is no finding.'))
        // Not waited for, as for a thread that hangs: one inside a driver never gets to it.
        void worker.terminate()
      })
      worker.on('error', (error) => {
        resolve(failed(error.message.slice(0, 300)))
      })
      worker.once('exit', () => {
        resolve(failed('It ended without an answer.'))
      })
    })
  } finally {
    clearTimeout(patience)
    if (stop) signal?.removeEventListener('abort', stop)
    // A thread that hangs is left alone: ended inside the runtime, it would take this process along.
    worker.unref()
  }
}
