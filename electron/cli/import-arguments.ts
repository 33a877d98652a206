import { parseArgs } from 'node:util'
import { importFormatSchema, type ImportFormat } from '../contract/import-options.ts'
import { oneOf, understood, wholeNumber } from './argument-values.ts'
import { UsageError } from './usage-error.ts'

export const importUsage = `maskwright import FORMAT PATH --project FILE.maskwright

FORMAT is one of ${importFormatSchema.options.join(', ')}
("maskwright formats" says what each keeps and loses). PATH is the data set's folder or file.

  --project FILE           the project that gets the masks; made if it is not there
  --video NAME|FILE        they go onto this video, of the project or a file; without it the pictures that come
                           with the data set become a video of the project
  --sequence NAME          which film, split or file, where the data set has several
  --first-frame N          frame of the video that the data's first frame belongs to
  --as tracks|prompts      editable masks (default), or mask prompts to track from`

export interface ImportArguments {
  readonly format: ImportFormat
  readonly path: string
  readonly projectPath: string
  readonly video: string | null
  readonly sequence: string | null
  readonly firstFrame: number | null
  readonly as: 'tracks' | 'prompts'
}

const options = {
  project: { type: 'string' },
  video: { type: 'string' },
  sequence: { type: 'string' },
  'first-frame': { type: 'string' },
  as: { type: 'string' },
} as const

/** @throws UsageError that names what was not understood */
export function parseImportArguments(args: readonly string[]): ImportArguments {
  const { values, positionals } = understood(() =>
    parseArgs({ args: [...args], options, allowPositionals: true }),
  )
  const [format, path, ...rest] = positionals
  if (format === undefined) throw new UsageError('Which format? "maskwright formats" lists them.')
  if (path === undefined) throw new UsageError('Import what? Give the path of the data set after its format.')
  if (rest.length > 0) throw new UsageError(`One data set at a time: "${rest.join(' ')}" was not expected.`)
  if (values.project === undefined) throw new UsageError('Into which project? Name its file with --project.')
  return {
    format: oneOf('The format', format, importFormatSchema.options),
    path,
    projectPath: values.project,
    video: values.video ?? null,
    sequence: values.sequence ?? null,
    firstFrame:
      values['first-frame'] === undefined ? null : wholeNumber('--first-frame', values['first-frame']),
    as: oneOf('--as', values.as ?? 'tracks', ['tracks', 'prompts'] as const),
  }
}
