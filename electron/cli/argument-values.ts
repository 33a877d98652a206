import { UsageError, withoutCredentials } from './usage-error.ts'

/** Runs Node's own parser and turns its complaints into usage errors. @throws UsageError */
export function understood<Parsed>(parse: () => Parsed): Parsed {
  try {
    return parse()
  } catch (cause) {
    const complaint = withoutCredentials(cause instanceof Error ? cause.message : String(cause))
    throw new UsageError(`${complaint.split('. ')[0]!}.`)
  }
}

/** `A:B`, `A:` or `:B`. */
export function parseRange(text: string): { first: number | null; last: number | null } {
  const match = /^(\d*):(\d*)$/.exec(text)
  if (!match) throw new UsageError(`--range ${text} is not of the form A:B.`)
  const [first, last] = [match[1]!, match[2]!].map((part) => (part === '' ? null : Number(part)))
  if (first !== null && last !== null && first! > last!) {
    throw new UsageError(`--range ${text} ends before it begins.`)
  }
  return { first: first!, last: last! }
}

export function wholeNumber(name: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new UsageError(`${name} must be a whole number, not "${text}".`)
}

export function finiteNumber(name: string, text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && Number.isFinite(value)) return value
  throw new UsageError(`${name}: "${text}" is not a number.`)
}

export function numberIn(name: string, text: string, least: number, most: number): number {
  const value = finiteNumber(name, text)
  if (value >= least && value <= most) return value
  throw new UsageError(`${name} must be from ${least} to ${most}, not ${text}.`)
}

export function oneOf<Choice extends string>(name: string, text: string, choices: readonly Choice[]): Choice {
  const choice = choices.find((candidate) => candidate === text)
  if (choice !== undefined) return choice
  throw new UsageError(`${name} must be ${choices.join(' or ')}, not "${text}".`)
}
