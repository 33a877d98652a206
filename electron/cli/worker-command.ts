import { once } from 'node:events'
import { parseArgs } from 'node:util'
import { QueueWorker } from '../engine/batch/queue/queue-worker.ts'
import { RedisAddress } from '../engine/batch/queue/redis-address.ts'
import { JobProcess } from '../engine/batch/run/job-process.ts'
import { openStore, probeStore } from '../engine/batch/store/open-store.ts'
import { understood } from './argument-values.ts'
import { deviceArguments, deviceOptions, positive, type DeviceArguments } from './batch-arguments.ts'
import { processSettings } from './batch-command.ts'
import type { CommandOutput } from './track-command.ts'
import { UsageError } from './usage-error.ts'

export const workerUsage = `maskwright worker --queue redis://HOST --store DIR|s3://BUCKET

Takes jobs that "maskwright batch --queue" sent, until it is stopped (Ctrl-C). Start one for each device, on as many
machines as there are.

  --queue redis://HOST     where jobs come from; with credentials, better in MASKWRIGHT_QUEUE
  --store DIR|s3://BUCKET  where videos come from and results go: the same place for all
  --device DEVICE          cpu (default), auto (the fastest that works), webgpu, cuda, dml or coreml
  --threads N              of the processor (default: all)
  --span N                 frames after which the work so far is stored (default 64)
  --lost-after SECONDS     a worker not heard of for so long is taken for dead, and its job goes on elsewhere
                           (default 30)`

export interface WorkerArguments extends DeviceArguments {
  readonly queue: string
  readonly store: string
  readonly lostAfterSeconds: number
}

/** @throws UsageError that names what was not understood */
export function parseWorkerArguments(args: readonly string[]): WorkerArguments {
  const { values } = understood(() =>
    parseArgs({
      args: [...args],
      options: {
        ...deviceOptions,
        queue: { type: 'string' },
        store: { type: 'string' },
        'lost-after': { type: 'string' },
      },
    }),
  )
  const queue = values.queue ?? process.env['MASKWRIGHT_QUEUE']
  if (queue === undefined) throw new UsageError('Where do jobs come from? Name the queue with --queue.')
  if (values.store === undefined) throw new UsageError('Where do results go? Name the store with --store.')
  return {
    ...deviceArguments(values),
    queue,
    store: values.store,
    lostAfterSeconds: positive('--lost-after', values['lost-after'] ?? '30'),
  }
}

/** Works until it is stopped. @returns the exit code, 0 @throws NotARedisAddress, UnknownStore, StoreUnavailable */
export async function work(args: WorkerArguments, output: CommandOutput): Promise<number> {
  const address = new RedisAddress(args.queue)
  const store = await openStore(args.store)
  await probeStore(store)
  const jobProcess = new JobProcess(await processSettings(args.store, args, output.stop))
  const { lostAfterSeconds } = args
  const worker = new QueueWorker({ address, jobProcess, lostAfterSeconds, say: output.say.bind(output) })
  output.say(`Waiting for jobs from ${address.shown}; results go to ${store.address}`)
  if (!output.stop.aborted) await once(output.stop, 'abort')
  await worker.close()
  return 0
}
