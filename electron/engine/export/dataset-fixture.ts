import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import type { ExportTarget } from '../../contract/export-options.ts'
import type { ImportFormat } from '../../contract/import-options.ts'
import type { RunLengthMask } from '../../contract/mask.ts'
import { readLabels } from '../import/import-formats.ts'
import type { ImportedLabels } from '../import/imported-labels.ts'
import { placeFrames } from '../import/place-frames.ts'
import { emptyRunLength } from '../masks/run-length-mask.ts'
import { findMediaTools } from '../video/media-tools.ts'
import { openVideo } from '../video/open-video.ts'
import { pictureNames } from '../video/image-folder-source.ts'
import type { VideoSource } from '../video/video-source.ts'
import type { DatasetObject } from './datasets/dataset-format.ts'
import { needsPictures, openExport } from './export-formats.ts'
import { exportFrames, type ExportOutcome } from './export-frames.ts'
import { selectedFrames, type ExportSelection } from './frame-sink.ts'

/** For tests: pictures of one size as a film. */
export async function pictureFilm(
  folder: string,
  { frames, widthPx, heightPx }: { frames: number; widthPx: number; heightPx: number },
): Promise<VideoSource> {
  mkdirSync(folder, { recursive: true })
  for (let i = 0; i < frames; i++) {
    const background = { r: (i * 40) % 256, g: 90, b: 120 }
    await sharp({ create: { width: widthPx, height: heightPx, channels: 3, background } })
      .png()
      .toFile(join(folder, `${String(i).padStart(5, '0')}.png`))
  }
  return openVideo(folder)
}

/** For tests: masks of every frame, by object; null and missing ones are absent. */
export type FilmMasks = readonly (readonly (RunLengthMask | null)[])[]

export function testObjects(count: number, withClasses = false): DatasetObject[] {
  return Array.from({ length: count }, (_, index) => ({
    objectId: 11 + index,
    name: `thing ${index + 1}`,
    colour: '#4db8ff',
    className: withClasses ? `class ${(index % 2) + 1}` : null,
  }))
}

/** For tests: exports masks without a project and checks them as every export is checked. */
export async function exportMasksOf(options: {
  source: VideoSource
  masks: FilmMasks
  objects: readonly DatasetObject[]
  target: ExportTarget
  outputFolder: string
  selection?: ExportSelection
  numberingStart?: number
}): Promise<ExportOutcome> {
  const { source, masks, objects, target, outputFolder, numberingStart } = options
  const selection = options.selection ?? { range: { first: 0, last: source.frameCount - 1 }, step: 1 }
  const tools = await findMediaTools()
  const job = {
    ...{ source, tools, selection, objects, outputFolder, name: 'film' },
    frameIndices: selectedFrames(selection),
    numbering: { frameCount: source.frameCount, ...(numberingStart === undefined ? {} : { numberingStart }) },
    shotStarts: () => null,
    pictureNames: source.kind === 'image-folder' ? await pictureNames(source.path) : null,
  }
  const empty = emptyRunLength(source.heightPx, source.widthPx)
  return exportFrames({
    ...{ source, tools, selection, sinks: [await openExport(job, target)], whenStopped: 'discard' },
    pictures: needsPictures(target),
    masksOf: (frameIndex) => ({
      frameIndex,
      masks: objects.map(({ objectId }, index) => ({
        objectId,
        mask: masks[frameIndex]?.[index] ?? empty,
        objectScore: null,
        predictedIou: null,
      })),
    }),
  })
}

/** For tests: reads a data set and lays its masks out by frame of the film and by name of object. */
export async function importedMasks(
  format: ImportFormat,
  path: string,
  source: Pick<VideoSource, 'frameCount' | 'widthPx' | 'heightPx'>,
  pictures: readonly string[] | null = null,
): Promise<{ labels: ImportedLabels; byFrame: Map<string, string>[] }> {
  const videoSize = { widthPx: source.widthPx, heightPx: source.heightPx }
  const labels = await readLabels(format, { path, sequence: null, videoSize })
  const places = placeFrames(labels.frames, { frameCount: source.frameCount, pictureNames: pictures }, null)
  const byFrame = Array.from({ length: source.frameCount }, () => new Map<string, string>())
  for (const { frame, object, mask } of labels.masks) {
    byFrame[places[frame]!]!.set(labels.objects[object]!.name, mask.counts)
  }
  return { labels, byFrame }
}
