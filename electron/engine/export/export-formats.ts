import { join } from 'node:path'
import { channelsOf } from '../../contract/palette.ts'
import type { ExportFormat, ExportFormatName, ExportTarget } from '../../contract/export-options.ts'
import type { MediaTools } from '../video/media-tools.ts'
import type { VideoSource } from '../video/video-source.ts'
import { DEFAULT_ANNOTATION } from './annotation-painter.ts'
import { coco } from './datasets/coco.ts'
import { cvat } from './datasets/cvat.ts'
import { openDataset } from './datasets/dataset-sink.ts'
import type { DatasetFormat, DatasetJob } from './datasets/dataset-format.ts'
import { davis } from './datasets/davis.ts'
import { frameList } from './datasets/frame-list.ts'
import { labelme } from './datasets/labelme.ts'
import { mot } from './datasets/mot.ts'
import { mots } from './datasets/mots.ts'
import { saV } from './datasets/sa-v.ts'
import { tracksCsv } from './datasets/tracks-csv.ts'
import { yoloSeg } from './datasets/yolo-seg.ts'
import { youtubeVos } from './datasets/youtube-vos.ts'
import { ExportExists } from './export-errors.ts'
import { pathExists } from './staged-output.ts'
import type { ExportSelection, FrameSink } from './frame-sink.ts'
import { openAll } from './joined-sink.ts'
import { VIDEO_EXPORTS, type VideoExportName, type VideoExportOptions } from './video-exports.ts'

/** Everything an export needs to know before its first frame. */
export interface ExportJob extends DatasetJob {
  readonly source: VideoSource
  readonly selection: ExportSelection
  readonly tools: MediaTools
  readonly outputFolder: string
  /** Frames on which the video's shots begin; null where none is known. */
  readonly shotStarts: () => readonly number[] | null
}

/** Formats that the video exports write, by the name there. */
const videoFormats = {
  'annotated-mp4': { export: 'annotated-mp4', kind: 'video' },
  'mask-mp4': { export: 'mask-mp4', kind: 'video' },
  'prores-4444': { export: 'prores-4444', kind: 'video' },
  'webm-alpha': { export: 'webm-alpha', kind: 'video' },
  'green-screen': { export: 'green-screen', kind: 'video' },
  cutouts: { export: 'cutout-png', kind: 'images' },
  'png-masks': { export: 'mask-png', kind: 'images' },
  'tracks-json': { export: 'tracks-json', kind: 'table' },
} as const satisfies Readonly<
  Partial<Record<ExportFormatName, { export: VideoExportName; kind: ExportFormat['kind'] }>>
>

type VideoFormatName = keyof typeof videoFormats
type DatasetFormatName = Exclude<ExportFormatName, VideoFormatName>
type TargetOf<Name extends ExportFormatName> = Extract<ExportTarget, { format: Name }>

const datasetFormats: { readonly [Name in DatasetFormatName]: DatasetFormat<TargetOf<Name>> } = {
  coco,
  'yolo-seg': yoloSeg,
  davis,
  'youtube-vos': youtubeVos,
  'sa-v': saV,
  cvat,
  labelme,
  mot,
  mots,
  'tracks-csv': tracksCsv,
}

/** Says of every format what it is and what it keeps and loses, in the order in which they are offered. */
export function describeExportFormats(): Omit<ExportFormat, 'canImport'>[] {
  const videos = Object.entries(videoFormats).map(([format, { export: name, kind }]) => {
    const { title, keeps, loses } = VIDEO_EXPORTS[name]
    const times = kind === 'images' ? '; times in frames.csv beside them' : ''
    return {
      format,
      name: title,
      kind,
      keeps: keeps + times,
      loses: loses.replace('times, ', ''),
      canExport: true,
    }
  })
  const datasets = Object.entries(datasetFormats).map(([format, { title, kind, keeps, loses }]) => ({
    ...{ format, name: title, kind, keeps, loses },
    canExport: true,
  }))
  return [...videos, ...datasets]
}

/** Whether the export has to decode the source's pictures. */
export function needsPictures(target: ExportTarget): boolean {
  return isVideoTarget(target)
    ? VIDEO_EXPORTS[videoFormats[target.format].export].needsPictures
    : datasetOf(target).needsPictures(target)
}

/** @throws ExportExists when something lies where the export would write */
export async function requireFreePlaces(job: ExportJob, target: ExportTarget): Promise<void> {
  const places = isVideoTarget(target)
    ? VIDEO_EXPORTS[videoFormats[target.format].export].places(videoOptions(job, target))
    : datasetOf(target).places(job, target)
  for (const place of places) {
    const path = join(job.outputFolder, place)
    if (await pathExists(path)) throw new ExportExists(path)
  }
}

/** Opens the export. @throws as `VideoExport.open` and `DatasetFormat.open` */
export function openExport(job: ExportJob, target: ExportTarget): Promise<FrameSink> {
  if (!isVideoTarget(target)) return openDataset(datasetOf(target), job, target, job.outputFolder)
  const { export: name, kind } = videoFormats[target.format]
  const open = (): Promise<FrameSink> => VIDEO_EXPORTS[name].open(videoOptions(job, target))
  if (kind !== 'images') return open()
  return openAll([open, () => openDataset(frameList, job, {}, job.outputFolder)])
}

function isVideoTarget(target: ExportTarget): target is TargetOf<VideoFormatName> {
  return Object.hasOwn(videoFormats, target.format)
}

/** The format of a target; it takes this target's options, as the table above says. */
function datasetOf(target: TargetOf<DatasetFormatName>): DatasetFormat<ExportTarget> {
  return datasetFormats[target.format] as DatasetFormat<ExportTarget>
}

function videoOptions(job: ExportJob, target: TargetOf<VideoFormatName>): VideoExportOptions {
  const { source, tools, selection, objects, outputFolder, numbering, shotStarts } = job
  const common = {
    ...{ source, tools, selection, objects, outputFolder, shotStarts },
    numberingStart: numbering.numberingStart ?? 0,
  }
  switch (target.format) {
    case 'annotated-mp4': {
      const { fillOpacity, outline, labels, keepAudio } = target
      const outlinePx = outline ? DEFAULT_ANNOTATION.outlinePx : 0
      return { ...common, keepAudio, annotation: { fillOpacity, outlinePx, labels } }
    }
    case 'prores-4444':
    case 'webm-alpha':
      return { ...common, perObject: target.perObject }
    case 'cutouts':
      return { ...common, crop: target.crop }
    case 'green-screen':
      return { ...common, background: channelsOf(target.background) }
    case 'mask-mp4':
    case 'png-masks':
    case 'tracks-json':
      return common
  }
}
