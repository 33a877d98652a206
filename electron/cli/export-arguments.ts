import { parseArgs } from 'node:util'
import { exportTargetSchema, type ExportFormatName, type ExportTarget } from '../contract/export-options.ts'
import { DEFAULT_SETTINGS } from '../contract/settings.ts'
import { numberIn, oneOf, parseRange, understood, wholeNumber } from './argument-values.ts'
import { UsageError } from './usage-error.ts'

const formats = exportTargetSchema.options.map((option) => option.shape.format.value)

export const exportUsage = `maskwright export PROJECT.maskwright --format FORMAT --out FOLDER

FORMAT is one of ${formats.join(', ')}
("maskwright formats" says what each keeps and loses).

  --out FOLDER             made if it is not there
  --video NAME             which video, where the project has several
  --range A:B              frames A to B only, both included (either may be left out); without it, from in to out
                           marker
  --step N                 every n-th frame of the range
  --objects NAME,...       these objects only; may be given several times
  --classes NAME,...       objects of these classes only
  --number-from N          number of the first exported frame in file names; the source's own by default
  --overwrite              replace what lies there

Options of some formats:
  --polygons               coco, cvat: polygons instead of run lengths
  --pictures               youtube-vos, yolo-seg, labelme: write the frames, too
  --per-object             prores-4444, webm-alpha: one film for each object
  --crop                   cutouts: only the box around the object
  --background #RRGGBB     green-screen (default #00b140)
  --opacity N              annotated-mp4: of the fill, 0 to 1 (default ${DEFAULT_SETTINGS.fillOpacity})
  --no-outline, --no-labels, --no-audio    annotated-mp4`

export interface ExportArguments {
  readonly projectPath: string
  readonly target: ExportTarget
  readonly outFolder: string
  readonly video: string | null
  /** As given; an open end is null. */
  readonly range: { readonly first: number | null; readonly last: number | null }
  readonly step: number
  /** Names; null for all. */
  readonly objects: readonly string[] | null
  readonly classes: readonly string[] | null
  readonly numberingStart: number | null
  readonly overwrite: boolean
}

const formatOptions = {
  polygons: { type: 'boolean' },
  pictures: { type: 'boolean' },
  'per-object': { type: 'boolean' },
  crop: { type: 'boolean' },
  background: { type: 'string' },
  opacity: { type: 'string' },
  'no-outline': { type: 'boolean' },
  'no-labels': { type: 'boolean' },
  'no-audio': { type: 'boolean' },
} as const

const options = {
  format: { type: 'string' },
  out: { type: 'string' },
  video: { type: 'string' },
  range: { type: 'string' },
  step: { type: 'string' },
  objects: { type: 'string', multiple: true },
  classes: { type: 'string', multiple: true },
  'number-from': { type: 'string' },
  overwrite: { type: 'boolean' },
  ...formatOptions,
} as const

type FormatOption = keyof typeof formatOptions

/** Options that a format has beyond those of all. */
const optionsOfFormat: Partial<Record<ExportFormatName, readonly FormatOption[]>> = {
  coco: ['polygons'],
  cvat: ['polygons'],
  'youtube-vos': ['pictures'],
  'yolo-seg': ['pictures'],
  labelme: ['pictures'],
  'prores-4444': ['per-object'],
  'webm-alpha': ['per-object'],
  cutouts: ['crop'],
  'green-screen': ['background'],
  'annotated-mp4': ['opacity', 'no-outline', 'no-labels', 'no-audio'],
}

/** @throws UsageError that names what was not understood */
export function parseExportArguments(args: readonly string[]): ExportArguments {
  const { values, positionals } = parsed(args)
  const [projectPath, ...rest] = positionals
  if (projectPath === undefined) throw new UsageError('Which project? Give its path first.')
  if (rest.length > 0) throw new UsageError(`One project at a time: "${rest.join(' ')}" was not expected.`)
  if (values.format === undefined) throw new UsageError('As what? Name a format with --format.')
  if (values.out === undefined) throw new UsageError('Where to? Name a folder with --out.')
  const step = values.step === undefined ? 1 : wholeNumber('--step', values.step)
  if (step < 1) throw new UsageError('--step must be 1 or more.')
  return {
    projectPath,
    target: targetOf(oneOf('--format', values.format, formats), values),
    outFolder: values.out,
    video: values.video ?? null,
    range: values.range === undefined ? { first: null, last: null } : parseRange(values.range),
    step,
    objects: namesIn('--objects', values.objects),
    classes: namesIn('--classes', values.classes),
    numberingStart:
      values['number-from'] === undefined ? null : wholeNumber('--number-from', values['number-from']),
    overwrite: values.overwrite ?? false,
  }
}

function parsed(args: readonly string[]) {
  return understood(() => parseArgs({ args: [...args], options, allowPositionals: true }))
}

type Values = ReturnType<typeof parsed>['values']

function targetOf(format: ExportFormatName, values: Values): ExportTarget {
  for (const name of Object.keys(formatOptions) as FormatOption[]) {
    if (values[name] !== undefined && !optionsOfFormat[format]?.includes(name))
      throw new UsageError(`--${name} is no option of ${format}.`)
  }
  switch (format) {
    case 'annotated-mp4':
      return {
        format,
        fillOpacity:
          values.opacity === undefined
            ? DEFAULT_SETTINGS.fillOpacity
            : numberIn('--opacity', values.opacity, 0, 1),
        outline: !values['no-outline'],
        labels: !values['no-labels'],
        keepAudio: !values['no-audio'],
      }
    case 'prores-4444':
    case 'webm-alpha':
      return { format, perObject: values['per-object'] ?? false }
    case 'cutouts':
      return { format, crop: values.crop ?? false }
    case 'green-screen':
      return { format, background: colourOf(values.background ?? '#00b140') }
    case 'youtube-vos':
    case 'yolo-seg':
    case 'labelme':
      return { format, frames: values.pictures ?? false }
    case 'coco':
      return { format, segmentation: values.polygons ? 'polygon' : 'rle' }
    case 'cvat':
      return { format, shapes: values.polygons ? 'polygon' : 'mask' }
    case 'mask-mp4':
    case 'png-masks':
    case 'davis':
    case 'sa-v':
    case 'mot':
    case 'mots':
    case 'tracks-csv':
    case 'tracks-json':
      return { format }
  }
}

function colourOf(text: string): string {
  if (/^#[0-9a-f]{6}$/i.test(text)) return text.toLowerCase()
  throw new UsageError(`--background ${text} is not of the form #RRGGBB.`)
}

function namesIn(option: string, values: readonly string[] | undefined): string[] | null {
  if (values === undefined) return null
  const names = values.flatMap((value) => value.split(',').map((name) => name.trim()))
  if (names.includes('')) throw new UsageError(`${option} has an empty name.`)
  return names
}
