import type { ExportSelection as RequestedSelection, ExportTarget } from '../../contract/export-options.ts'
import type { ProjectStore } from '../project/project-store.ts'
import { requireVideo, requireVideoFile } from '../project/edits/require-records.ts'
import { FrameOutsideVideoError, UnknownRecordError } from '../project/project-errors.ts'
import { pictureNames } from '../video/image-folder-source.ts'
import type { MediaTools } from '../video/media-tools.ts'
import type { VideoSource } from '../video/video-source.ts'
import type { DatasetObject } from './datasets/dataset-format.ts'
import { NothingToExport } from './export-errors.ts'
import { needsPictures, openExport, requireFreePlaces, type ExportJob } from './export-formats.ts'
import { exportFrames, type ExportOutcome } from './export-frames.ts'
import { ExportMasks } from './export-masks.ts'
import { selectedFrames } from './frame-sink.ts'
import { shotStartsOf } from '../project/video-shots.ts'
import { exportBaseName } from './video-exports.ts'

export interface ProjectExportOptions {
  readonly store: ProjectStore
  /** The selection's video, open. */
  readonly source: VideoSource
  readonly tools: MediaTools
  readonly selection: RequestedSelection
  readonly target: ExportTarget
  readonly outputFolder: string
  /** Without it, files that are already there end the export before anything is written. */
  readonly overwrite: boolean
  /** Side of the model's picture, by which the areas of the clean-up are counted. */
  readonly inputSizePx: number
  onProgress?(framesDone: number, framesTotal: number): void
  readonly signal?: AbortSignal | undefined
  readonly whenStopped: 'keep' | 'discard'
}

/**
 * Exports a part of a project to a folder and checks the result against the source.
 * @throws NothingToExport, ExportExists, UnknownRecordError, FrameOutsideVideoError before anything is written; what
 * `exportFrames` throws
 */
export async function exportProject(options: ProjectExportOptions): Promise<ExportOutcome> {
  const { store, source, tools, target, signal } = options
  const job = await exportJob(options)
  if (!options.overwrite) await requireFreePlaces(job, target)
  const masks = exportMasks(options, job)
  const sink = await openExport(job, target)
  const outcome = await exportFrames({
    ...{ source, tools, selection: job.selection, sinks: [sink], pictures: needsPictures(target) },
    masksOf: (frameIndex) => masks.masksOf(frameIndex),
    ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress.bind(options) }),
    ...{ signal, whenStopped: options.whenStopped },
  })
  if (outcome.outputs.length === 0 && !outcome.wasStopped)
    throw new NothingToExport(`${store.records.get('properties', 1)!.name} has no frames there`)
  return outcome
}

/** The masks that an export of this job takes, frame by frame. */
export function exportMasks(
  { store, selection, inputSizePx }: Pick<ProjectExportOptions, 'store' | 'selection' | 'inputSizePx'>,
  { objects, frameIndices }: ExportJob,
): ExportMasks {
  const objectIds = objects.map(({ objectId }) => objectId)
  return new ExportMasks({ store, videoId: selection.videoId, objectIds, frameIndices, inputSizePx })
}

/**
 * Resolves what was asked for: objects, frames, names.
 * @throws NothingToExport, UnknownRecordError, FrameOutsideVideoError
 */
export async function exportJob(
  options: Pick<ProjectExportOptions, 'store' | 'source' | 'tools' | 'selection' | 'outputFolder'>,
): Promise<ExportJob> {
  const { store, source, tools, selection: requested, outputFolder } = options
  const { markers } = requireVideo(store.records, requested.videoId)
  const { frameCount } = requireVideoFile(store.records, requested.videoId)
  const first = requested.first ?? markers.inFrame ?? 0
  const last = requested.last ?? markers.outFrame ?? frameCount - 1
  for (const frameIndex of [first, last])
    if (frameIndex >= frameCount) throw new FrameOutsideVideoError(frameIndex, frameCount)
  if (first > last) throw new NothingToExport(`frame ${first} comes after frame ${last}`)
  const selection = { range: { first, last }, step: requested.step }
  const objects = selectedObjects(store, requested)
  if (objects.length === 0) throw new NothingToExport('no object was chosen, or the project has none')
  const start = requested.numberingStart
  return {
    ...{ source, tools, selection, objects, outputFolder },
    frameIndices: selectedFrames(selection),
    shotStarts: () => knownShotStarts(store, requested.videoId),
    // The first exported frame gets the number that was asked for.
    numbering: { frameCount, ...(start === null ? {} : { numberingStart: start - first }) },
    name: exportBaseName(source.path),
    pictureNames: source.kind === 'image-folder' ? await pictureNamesOf(source) : null,
  }
}

/** A project does not keep who looked for shots: without any it says nothing of them. */
function knownShotStarts({ records }: ProjectStore, videoId: number): number[] | null {
  const starts = shotStartsOf(records, videoId).sort((a, b) => a - b)
  return starts.length > 0 ? starts : null
}

function selectedObjects(store: ProjectStore, { objectIds, classIds }: RequestedSelection): DatasetObject[] {
  const { objects, classes } = store.project()
  const names = new Map(classes.map(({ id, name }) => [id, name]))
  for (const id of objectIds ?? [])
    if (!objects.some((object) => object.id === id)) throw new UnknownRecordError('object')
  for (const id of classIds ?? []) if (!names.has(id)) throw new UnknownRecordError('class')
  return objects
    .filter(({ id }) => objectIds === null || objectIds.includes(id))
    .filter(({ classId }) => classIds === null || (classId !== null && classIds.includes(classId)))
    .map(({ id, name, colour, classId }) => ({
      ...{ objectId: id, name, colour },
      className: classId === null ? null : (names.get(classId) ?? null),
    }))
}

/** A single picture is a video of one frame, too; its name is its path's. */
async function pictureNamesOf({ path, frameCount }: VideoSource): Promise<string[] | null> {
  const names = await pictureNames(path).catch(() => null)
  return names?.length === frameCount ? names : null
}
