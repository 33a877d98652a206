import { basename, extname, join } from 'node:path'
import type { MediaTools } from '../video/media-tools.ts'
import type { VideoSource } from '../video/video-source.ts'
import { createAnnotationPainter, DEFAULT_ANNOTATION, type AnnotationOptions } from './annotation-painter.ts'
import { objectFolderNames, safeFileName } from './file-names.ts'
import type { ExportObject, ExportSelection, FrameSink } from './frame-sink.ts'
import { openAll } from './joined-sink.ts'
import { alphaPainter, maskPainter, screenPainter } from './painters.ts'
import type { Rgb } from './paint-overlay.ts'
import { openPictureSink } from './picture-sink.ts'
import { cutoutSequences, maskSequences, paletteSequence } from './picture-sequences.ts'
import { openTracksSink } from './tracks-sink.ts'
import {
  h264MaskProfile,
  h264Profile,
  proresAlphaProfile,
  vp9AlphaProfile,
  type VideoProfile,
} from './video-profiles.ts'
import { openVideoSink, type FramePainter } from './video-sink.ts'

export interface VideoExportOptions {
  readonly source: VideoSource
  readonly tools: MediaTools
  readonly selection: ExportSelection
  /** Drawn and numbered in this order; objects of the masks that are not named here are left out. */
  readonly objects: readonly ExportObject[]
  /** Made if it is not there. */
  readonly outputFolder: string
  readonly annotation?: AnnotationOptions
  /** As `TracksSinkOptions.shotStarts`. */
  readonly shotStarts?: (() => readonly number[] | null) | undefined
  /** Number of the source's first frame in file names of pictures; 0 unless given. */
  readonly numberingStart?: number
  /** Whether films that can have it get the source's sound; they do unless told otherwise. */
  readonly keepAudio?: boolean
  /** Films with alpha: one for each object instead of one for all. */
  readonly perObject?: boolean
  /** Cut-outs: only the box around the object. */
  readonly crop?: boolean
  /** Colour of the screen. */
  readonly background?: Rgb
}

/** A way of writing masks as pictures or films. */
export interface VideoExport {
  readonly title: string
  /** What a reader of the files still has, and what not. */
  readonly keeps: string
  readonly loses: string
  /** Whether it looks at the source's pixels. */
  readonly needsPictures: boolean
  /** What it will put into the folder, as relative paths. */
  places(options: VideoExportOptions): string[]
  /** @throws ExportFolderNotWritable, ExportDiskFull when the folder refuses, before any frame is taken */
  open(options: VideoExportOptions): Promise<FrameSink>
}

/** By the names that commands use. */
export const VIDEO_EXPORTS = {
  'annotated-mp4': {
    title: 'Annotated film (H.264 MP4)',
    keeps: 'every frame at its presentation time, sound, colours and names of objects',
    loses: 'the masks as data, the untouched picture',
    needsPictures: true,
    places: ({ source }) => [filmName(source, '.annotated.mp4')],
    async open(options) {
      const painter = await createAnnotationPainter(
        options.source,
        options.objects,
        options.annotation ?? DEFAULT_ANNOTATION,
      )
      return openFilm(options, '.annotated.mp4', h264Profile, painter, options.keepAudio ?? true)
    },
  },
  'mask-png': {
    title: 'Mask pictures, one folder per object (PNG, 0 and 255)',
    keeps: 'every pixel of every mask, overlaps too; source frame numbers',
    loses: 'times, scores, names that no folder can have',
    needsPictures: false,
    places: ({ objects }) => objectFolderNames(objects).map((name) => `masks/${name}`),
    open: (options) =>
      openPictures(options, maskSequences(join(options.outputFolder, 'masks'), options.objects)),
  },
  'palette-png': {
    title: 'Label pictures (indexed PNG as in DAVIS)',
    keeps: 'which object each pixel belongs to; source frame numbers',
    loses: 'overlaps (the later object wins), times, scores, names',
    needsPictures: false,
    places: () => ['palette'],
    open: (options) =>
      openPictures(options, [paletteSequence(join(options.outputFolder, 'palette'), options.objects)]),
  },
  'tracks-json': {
    title: 'Tracks (JSON): presence, box, area, centre, scores, times',
    keeps:
      'box, area, centroid, both scores, suspicion and the time of every object on every frame; where shots begin',
    loses: 'the masks',
    needsPictures: false,
    places: () => ['tracks.json'],
    open: ({ source, objects, outputFolder, shotStarts }) =>
      openTracksSink({ source, objects, path: join(outputFolder, 'tracks.json'), shotStarts }),
  },
  'mask-mp4': {
    title: 'Mask film per object (H.264 MP4, black and white)',
    keeps: 'every frame at its presentation time; masks but for the finest edge pixels',
    loses: 'exact edges (the coding is lossy), scores, the picture, sound',
    needsPictures: false,
    places: ({ source, objects }) =>
      objectFolderNames(objects).map((name) => filmName(source, `.${name}.mask.mp4`)),
    open(options) {
      const names = objectFolderNames(options.objects)
      return openAll(
        options.objects.map(
          ({ objectId }, index) =>
            () =>
              openFilm(
                options,
                `.${names[index]!}.mask.mp4`,
                h264MaskProfile,
                maskPainter([objectId]),
                false,
              ),
        ),
      )
    },
  },
  'prores-4444': {
    title: 'Film with alpha for editing (ProRes 4444 MOV)',
    keeps:
      'every frame at its presentation time; the union of the objects as exact alpha; the whole picture beneath',
    loses: 'which object a pixel belongs to (unless each has its own film), scores, sound',
    needsPictures: true,
    places: (options) => alphaFilmNames(options, '.alpha.mov'),
    open: (options) => openAlphaFilms(options, '.alpha.mov', proresAlphaProfile),
  },
  'webm-alpha': {
    title: 'Film with alpha for browsers (VP9 WebM)',
    keeps: 'every frame at its presentation time to the millisecond; the union of the objects as alpha',
    loses:
      'exact edges (the coding is lossy), which object a pixel belongs to (unless each has its own film), scores, sound',
    needsPictures: true,
    places: (options) => alphaFilmNames(options, '.alpha.webm'),
    open: (options) => openAlphaFilms(options, '.alpha.webm', vp9AlphaProfile),
  },
  'cutout-png': {
    title: 'Cut-outs, one folder per object (RGBA PNG)',
    keeps: 'every pixel of each object as it is in the picture; source frame numbers',
    loses: 'what is around the objects (cropped, also where they are), times, scores',
    needsPictures: true,
    places: ({ objects }) => objectFolderNames(objects).map((name) => `cutouts/${name}`),
    open: (options) =>
      openPictures(
        options,
        cutoutSequences(join(options.outputFolder, 'cutouts'), options.objects, options.crop ?? false),
      ),
  },
  'green-screen': {
    title: 'Objects before a green screen (H.264 MP4)',
    keeps: 'every frame at its presentation time, sound, the union of the objects',
    loses: 'exact edges (the coding is lossy), which object a pixel belongs to, what is around the objects',
    needsPictures: true,
    places: ({ source }) => [filmName(source, '.green.mp4')],
    open: (options) =>
      openFilm(
        options,
        '.green.mp4',
        h264Profile,
        screenPainter(idsOf(options), options.background),
        options.keepAudio ?? true,
      ),
  },
} as const satisfies Readonly<Record<string, VideoExport>>

export type VideoExportName = keyof typeof VIDEO_EXPORTS

/** The name that exports of a source begin with: its file name without ending, as in `clip.annotated.mp4`. */
export function exportBaseName(sourcePath: string): string {
  return safeFileName(basename(sourcePath, extname(sourcePath)), 'video')
}

/** Several exports in one go, so that the source is decoded once. @throws as `VideoExport.open` */
export async function openVideoExports(
  names: readonly VideoExportName[],
  options: VideoExportOptions,
): Promise<FrameSink> {
  return openAll(names.map((name) => () => VIDEO_EXPORTS[name].open(options)))
}

function filmName(source: VideoSource, ending: string): string {
  return exportBaseName(source.path) + ending
}

/** With one film an object, its name stands before the ending. */
function alphaFilmNames({ source, objects, perObject }: VideoExportOptions, ending: string): string[] {
  if (perObject !== true) return [filmName(source, ending)]
  return objectFolderNames(objects).map((name) => filmName(source, `.${name}${ending}`))
}

function openAlphaFilms(
  options: VideoExportOptions,
  ending: string,
  profile: VideoProfile,
): Promise<FrameSink> {
  if (options.perObject !== true)
    return openFilm(options, ending, profile, alphaPainter(idsOf(options)), false)
  const names = objectFolderNames(options.objects)
  return openAll(
    options.objects.map(
      ({ objectId }, index) =>
        () =>
          openFilm(options, `.${names[index]!}${ending}`, profile, alphaPainter([objectId]), false),
    ),
  )
}

function openFilm(
  { source, tools, selection, outputFolder }: VideoExportOptions,
  ending: string,
  profile: VideoProfile,
  painter: FramePainter,
  keepAudio: boolean,
): Promise<FrameSink> {
  const path = join(outputFolder, filmName(source, ending))
  return openVideoSink({ source, tools, selection, path, profile, painter, keepAudio })
}

function openPictures(
  { source, numberingStart }: VideoExportOptions,
  sequences: Parameters<typeof openPictureSink>[0]['sequences'],
): Promise<FrameSink> {
  return openPictureSink({ source, sequences, numberingStart: numberingStart ?? 0 })
}

function idsOf({ objects }: VideoExportOptions): number[] {
  return objects.map(({ objectId }) => objectId)
}
