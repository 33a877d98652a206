import { parseArgs, type ParseArgsConfig } from 'node:util'
import { UserFacingError } from '../electron/contract/errors.ts'

/**
 * The arguments of a script, by Node's own parser. `--help` says how the script is used and ends the process.
 * @param usage one sentence
 * @throws UserFacingError with what was not understood and the usage
 */
export function scriptArguments<const Options extends NonNullable<ParseArgsConfig['options']>>(
  usage: string,
  options: Options,
) {
  const args = process.argv.slice(2)
  if (args.includes('--help')) {
    console.log(usage)
    process.exit()
  }
  try {
    return parseArgs({ args, options, allowPositionals: true })
  } catch (cause) {
    const complaint = cause instanceof Error ? cause.message.split('. ')[0]! : String(cause)
    throw new UserFacingError('usage', `${complaint}; ${usage}`, { cause })
  }
}

/** As `scriptArguments`, for a script that takes options only. @throws UserFacingError */
export function scriptOptions<const Options extends NonNullable<ParseArgsConfig['options']>>(
  usage: string,
  options: Options,
) {
  const { values, positionals } = scriptArguments(usage, options)
  if (positionals.length === 0) return values
  throw new UserFacingError('usage', `"${positionals.join(' ')}" was not expected; ${usage}`)
}
