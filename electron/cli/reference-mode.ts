import { UsageError } from './usage-error.ts'

/** Choices that the reference mode does not have, by their words, and the values that say so. */
const OFFICIAL: Readonly<Record<string, unknown>> = {
  memory: 'sam2',
  'follow-zoom': 'off',
  shots: 'off',
  'detect-shots': false,
  exclusive: false,
}

/**
 * @param asked what was chosen, by its words; undefined where nothing was
 * @param place of the choices in a job file; null for the command line
 * @throws UsageError for what the reference mode would leave undone
 */
export function requireReferenceRules(asked: Readonly<Record<string, unknown>>, place: string | null): void {
  const names = Object.entries(asked)
    .filter(([name, value]) => name in OFFICIAL && value !== undefined && value !== OFFICIAL[name])
    .map(([name]) => (place === null ? `--${name}` : name))
  if (names.length === 0) return
  const beginning = place === null ? 'Reference' : `${place}: reference`
  throw new UsageError(
    `${beginning} mode follows the official predictor to the letter and has no ${names.join(', ')}: leave that out, or take the default mode.`,
  )
}
