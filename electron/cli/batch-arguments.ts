import { availableParallelism } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { deviceChoices, type DeviceChoice } from '../engine/models/find-device.ts'
import { oneOf, understood, wholeNumber } from './argument-values.ts'
import { UsageError } from './usage-error.ts'

export const batchUsage = `maskwright batch JOBS.yaml [--workers N] [--store DIR]
maskwright batch JOBS.yaml --queue redis://HOST --store DIR|s3://BUCKET

Tracks the videos and projects of a job file (docs/many-machines.md shows one). What is done is kept: the same
command goes on where it was stopped.

  --workers N              processes at work on this machine (default 1: one for the device)
  --store DIR|s3://BUCKET  where results are kept (default: .maskwright-batch beside the job file)
  --device DEVICE          cpu (default), auto (the fastest that works), webgpu, cuda, dml or coreml
  --threads N              of the processor, for each process (default: all, shared among the processes)
  --span N                 frames after which the work so far is stored (default 64)
  --queue redis://HOST     sends the jobs to a queue, waits for the workers there and collects what they made; with
                           credentials, better in MASKWRIGHT_QUEUE than on the command line
  --detach                 sends and leaves; the same command without it collects`

export interface DeviceArguments {
  readonly device: DeviceChoice
  readonly threads: number | null
  readonly spanSteps: number
}

export interface BatchArguments extends DeviceArguments {
  readonly jobFile: string
  readonly workers: number
  readonly store: string
  readonly queue: string | null
  readonly detach: boolean
}

/** What batch and worker have in common. */
export const deviceOptions = {
  device: { type: 'string' },
  threads: { type: 'string' },
  span: { type: 'string' },
} as const

/** @throws UsageError */
export function deviceArguments(values: {
  device?: string | undefined
  threads?: string | undefined
  span?: string | undefined
}): DeviceArguments {
  return {
    device: oneOf('--device', values.device ?? 'cpu', deviceChoices),
    threads: values.threads === undefined ? null : positive('--threads', values.threads),
    spanSteps: positive('--span', values.span ?? '64'),
  }
}

/** @throws UsageError that names what was not understood */
export function parseBatchArguments(args: readonly string[]): BatchArguments {
  const { values, positionals } = understood(() =>
    parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...deviceOptions,
        workers: { type: 'string' },
        store: { type: 'string' },
        queue: { type: 'string' },
        detach: { type: 'boolean' },
      },
    }),
  )
  const [jobFile, ...rest] = positionals
  if (jobFile === undefined) throw new UsageError('Which jobs? Give the path of a job file first.')
  if (rest.length > 0) throw new UsageError(`One job file at a time: "${rest.join(' ')}" was not expected.`)
  const queue =
    values.queue ?? (values.workers === undefined ? (process.env['MASKWRIGHT_QUEUE'] ?? null) : null)
  if (queue !== null && values.store === undefined)
    throw new UsageError('Where do the workers put their results? Name the store that they use with --store.')
  if (queue !== null && values.workers !== undefined)
    throw new UsageError('--workers is for this machine; with --queue, start "maskwright worker" on each.')
  const workers = positive('--workers', values.workers ?? '1')
  const asked = deviceArguments(values)
  return {
    ...asked,
    // Processes that each take all of the processor would only wait for one another.
    threads:
      asked.threads ?? (workers === 1 ? null : Math.max(1, Math.floor(availableParallelism() / workers))),
    jobFile,
    workers,
    store: values.store ?? join(dirname(resolve(jobFile)), '.maskwright-batch'),
    queue,
    detach: values.detach ?? false,
  }
}

export function positive(name: string, text: string): number {
  const value = wholeNumber(name, text)
  if (value < 1) throw new UsageError(`${name} must be at least 1.`)
  return value
}
