import type { PredictorMode } from '../engine/tracking/predictor-types.ts'
import { DEFAULT_TRACKING, type TrackingOptions } from '../engine/tracking/tracking-options.ts'
import { oneOf } from './argument-values.ts'
import { requireReferenceRules } from './reference-mode.ts'

/** How objects are followed, as the commands that track have it. */
export interface TrackingArguments {
  readonly mode: PredictorMode
  readonly tracking: TrackingOptions
}

/** Options of all commands that track, for Node's parser. */
export const trackingOptions = {
  mode: { type: 'string' },
  memory: { type: 'string' },
  'follow-zoom': { type: 'string' },
  shots: { type: 'string' },
  exclusive: { type: 'boolean' },
} as const

/** What help says of them. */
export const trackingUsage = `  --mode default|reference default keeps corrections of tracked frames for good; reference follows the official
                           predictor to the letter, without the four below
  --memory sam2|selective  frames an object is remembered by: the newest, or (default) not where it is lost;
                           its mask: the best candidate, or (default) their mean
  --follow-zoom auto|off   look at small objects from nearer by (default: auto)
  --shots on|off           begin anew at cuts and fades (default: on)
  --exclusive              give each pixel to one object at most, the one the model is surest of`

type Values = Partial<Record<Exclude<keyof typeof trackingOptions, 'exclusive'>, string | undefined>> & {
  readonly exclusive?: boolean | undefined
}

/** @throws UsageError that names what was not understood, or what the reference mode does not have */
export function trackingArguments(values: Values): TrackingArguments {
  const { memorySelection } = DEFAULT_TRACKING
  const mode = oneOf('--mode', values.mode ?? 'default', ['default', 'reference'] as const)
  const read = {
    mode,
    tracking: {
      memorySelection: oneOf('--memory', values.memory ?? memorySelection, ['sam2', 'selective'] as const),
      followZoom:
        oneOf('--follow-zoom', values['follow-zoom'] ?? 'auto', ['auto', 'off'] as const) === 'auto',
      detectShots: oneOf('--shots', values.shots ?? 'on', ['on', 'off'] as const) === 'on',
      exclusiveObjects: values.exclusive ?? false,
    },
  }
  if (mode === 'reference') requireReferenceRules(values, null)
  return read
}
