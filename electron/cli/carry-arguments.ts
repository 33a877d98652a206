import { parseArgs } from 'node:util'
import { DEFAULT_CARRY_CONFIDENCE } from '../contract/carry.ts'
import { DEFAULT_SETTINGS } from '../contract/settings.ts'
import { deviceChoices, type DeviceChoice } from '../engine/models/find-device.ts'
import { numberIn, oneOf, understood, wholeNumber } from './argument-values.ts'
import {
  trackingArguments,
  trackingOptions,
  trackingUsage,
  type TrackingArguments,
} from './tracking-arguments.ts'
import { UsageError } from './usage-error.ts'

export const carryUsage = `maskwright carry FILE.maskwright --to VIDEO...

Finds the project's objects in further videos, by how they look in the videos where they are labelled, and tracks what
it finds there both ways. The videos in which something is taken, and their tracks, become a part of the project once
all videos are searched.

  --to VIDEO...            files to search, or names of videos of the project
  --object NAME            only this object; several may be named (default: all that have a mask)
  --min-confidence N       hits that are at least as sure as this are taken, 0 to 1 (default ${DEFAULT_CARRY_CONFIDENCE})
  --dry-run                say what is found and change nothing
  --model NAME|FILE        nano (default), tiny, small, base-plus, large or a checkpoint
  --size N                 side of the model's picture (default ${DEFAULT_SETTINGS.inputSizePx})
  --device DEVICE          cpu (default), auto (the fastest that works), webgpu, cuda, dml or coreml

How it is tracked there:
${trackingUsage}`

export interface CarryArguments extends TrackingArguments {
  readonly projectPath: string
  readonly videos: readonly string[]
  /** null for all that have a mask. */
  readonly objects: readonly string[] | null
  readonly minConfidence: number
  readonly dryRun: boolean
  readonly model: string
  readonly imageSize: number
  readonly device: DeviceChoice
}

const options = {
  to: { type: 'string', multiple: true },
  object: { type: 'string', multiple: true },
  'min-confidence': { type: 'string' },
  'dry-run': { type: 'boolean' },
  model: { type: 'string' },
  size: { type: 'string' },
  device: { type: 'string' },
  ...trackingOptions,
} as const

/** @throws UsageError that names what was not understood */
export function parseCarryArguments(args: readonly string[]): CarryArguments {
  const { values, positionals } = understood(() =>
    parseArgs({ args: [...args], options, allowPositionals: true }),
  )
  // Videos after the first may follow `--to` without naming it again.
  const [projectPath, ...more] = positionals
  if (projectPath === undefined) throw new UsageError('Which project? Name its file first.')
  const videos = [...(values.to ?? []), ...more]
  if (videos.length === 0) throw new UsageError('Into which videos? Name them with --to.')
  return {
    projectPath,
    videos,
    objects: values.object ?? null,
    minConfidence: numberIn(
      '--min-confidence',
      values['min-confidence'] ?? String(DEFAULT_CARRY_CONFIDENCE),
      0,
      1,
    ),
    dryRun: values['dry-run'] ?? false,
    model: values.model ?? 'nano',
    imageSize: values.size === undefined ? DEFAULT_SETTINGS.inputSizePx : wholeNumber('--size', values.size),
    device: oneOf('--device', values.device ?? 'cpu', deviceChoices),
    ...trackingArguments(values),
  }
}
