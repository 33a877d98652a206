import type { ExportFormat } from '../contract/export-options.ts'
import { describeFormats } from '../engine/import/import-formats.ts'
import { UsageError } from './usage-error.ts'
import type { CommandOutput } from './track-command.ts'

export const formatsUsage = `maskwright formats [--markdown]

Lists the formats by the names that import and export take, with what each keeps and loses.`

/** Lists all formats. @returns the exit code, 0 */
export async function listFormats(args: readonly string[], output: CommandOutput): Promise<number> {
  const unknown = args.find((arg) => arg !== '--markdown')
  if (unknown !== undefined) throw new UsageError(`"${unknown}" was not expected after formats.`)
  output.say(args.includes('--markdown') ? formatsTable() : describeFormats().map(inWords).join('\n\n'))
  return 0
}

/** The table of docs/formats.md. */
export function formatsTable(): string {
  const rows = describeFormats().map((format) =>
    [`\`${format.format}\``, format.name, directions(format), format.keeps, format.loses].join(' | '),
  )
  return [
    '| name | what | | keeps | loses |',
    '| --- | --- | --- | --- | --- |',
    ...rows.map((row) => `| ${row} |`),
  ].join('\n')
}

function inWords(format: ExportFormat): string {
  return [
    `${format.format} (${directions(format)}): ${format.name}`,
    `  keeps: ${format.keeps}`,
    `  loses: ${format.loses}`,
  ].join('\n')
}

function directions({ canExport, canImport }: ExportFormat): string {
  return [...(canImport ? ['import'] : []), ...(canExport ? ['export'] : [])].join(', ')
}
