import { resolve } from 'node:path'
import type { ExportFormat } from '../../contract/export-options.ts'
import { importFormatSchema, type ImportFormat } from '../../contract/import-options.ts'
import { describeExportFormats } from '../export/export-formats.ts'
import { ImportNotThisFormat } from './import-errors.ts'
import type { ImportedLabels, ImportSource, LabelReader } from './imported-labels.ts'
import { coco } from './readers/coco.ts'
import { cvat } from './readers/cvat.ts'
import { davis } from './readers/davis.ts'
import { labelme } from './readers/labelme.ts'
import { maskwright } from './readers/maskwright.ts'
import { pngMasks } from './readers/png-masks.ts'
import { saV } from './readers/sa-v.ts'
import { yoloSeg } from './readers/yolo-seg.ts'
import { youtubeVos } from './readers/youtube-vos.ts'

const readers: Readonly<Record<ImportFormat, LabelReader>> = {
  coco,
  'yolo-seg': yoloSeg,
  davis,
  'youtube-vos': youtubeVos,
  'sa-v': saV,
  cvat,
  labelme,
  'png-masks': pngMasks,
  maskwright,
}

/**
 * Reads a data set and checks all of it. Nothing of a project is touched.
 * @throws ImportSourceMissing, ImportNotThisFormat with the format that it looks like, ImportDamaged, ImportTooLarge,
 * ImportPathOutside, ImportNeedsVideo, ImportNeedsSequence; for projects, the errors of opening one
 */
export async function readLabels(format: ImportFormat, source: ImportSource): Promise<ImportedLabels> {
  const resolved = { ...source, path: resolve(source.path) }
  try {
    return await readers[format].read(resolved)
  } catch (error) {
    if (!(error instanceof ImportNotThisFormat)) throw error
    const other = await detectFormat(resolved.path)
    if (other !== null && other !== format) error.message += ` It looks like ${other}.`
    throw error
  }
}

/** Whatever lies there, by its looks; null for nothing that is known. */
export async function detectFormat(path: string): Promise<ImportFormat | null> {
  // The most telling first: a folder of PNG is in several of them.
  const order: ImportFormat[] = [
    'maskwright',
    'sa-v',
    'cvat',
    'labelme',
    'coco',
    'youtube-vos',
    'davis',
    'yolo-seg',
    'png-masks',
  ]
  for (const format of order) {
    if (await readers[format].detect(path).catch(() => false)) return format
  }
  return null
}

/** Every format with what it keeps and loses: for the dialogs, `maskwright formats` and docs/formats.md. */
export function describeFormats(): ExportFormat[] {
  const canImport = (format: string): boolean => importFormatSchema.options.some((name) => name === format)
  return [
    ...describeExportFormats().map((description) => ({
      ...description,
      canImport: canImport(description.format),
    })),
    {
      format: 'maskwright',
      name: 'Another Maskwright project',
      kind: 'dataset',
      keeps: 'objects, classes, colours, every present mask with its scores',
      loses: 'points and boxes, history, versions that are not shown',
      canExport: false,
      canImport: true,
    },
  ]
}
