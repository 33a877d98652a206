import type { ExportFormat as FormatDescription } from '../../../contract/export-options.ts'
import type { VideoSource } from '../../video/video-source.ts'
import type { DatasetCount, ExportMask, ExportObject } from '../frame-sink.ts'
import type { DecodedFrame } from '../../video/video-source.ts'
import type { FrameNumbering } from '../frame-naming.ts'
import type { OutputFiles } from './output-files.ts'

/** An object as data sets name it. */
export interface DatasetObject extends ExportObject {
  /** Null for objects without a class; their own name stands for it where a format must have one. */
  readonly className: string | null
}

/** What is exported, known before the first frame. */
export interface DatasetJob {
  readonly source: Pick<
    VideoSource,
    'path' | 'widthPx' | 'heightPx' | 'frameCount' | 'averageFrameRate' | 'presentationTimes'
  >
  /** In their order; their numbers in files begin with 1. */
  readonly objects: readonly DatasetObject[]
  /** Frames of the source that come, in order. */
  readonly frameIndices: readonly number[]
  readonly numbering: FrameNumbering
  /** Name of the sequence in folders and files. */
  readonly name: string
  /** File names of the source's pictures; null for a film, which has none. */
  readonly pictureNames: readonly string[] | null
}

/** A frame as it is written. */
export interface DatasetFrame {
  /** Position in the source's presentation order, from 0. */
  readonly frameIndex: number
  /** Position among the exported frames, from 0. */
  readonly position: number
  /** The frame's number in files, as digits of one length. */
  readonly number: string
  /** Presentation time in the source, to the microsecond. */
  readonly timeSeconds: number
  /** Those with pixels, in the objects' order. */
  readonly masks: readonly DatasetMask[]
  /** Without pixels unless the format asked for them. */
  readonly picture: DecodedFrame
}

export interface DatasetMask extends ExportMask {
  readonly object: DatasetObject
  /** Place of the object in the job, from 0. */
  readonly objectIndex: number
}

/** Where a file or folder of an export lies that is not in its final place yet. */
export type Locate = (...place: string[]) => string

/** Takes the frames of one export. */
export interface DatasetWriter {
  /** @returns how many of the frame's masks could not be held */
  write(frame: DatasetFrame): Promise<number>
  /** All that has its place behind the frames. Not called when there were none. */
  end(): Promise<void>
}

/** A way of writing labels as a data set: one file each. */
export interface DatasetFormat<Options> {
  readonly title: string
  readonly kind: FormatDescription['kind']
  /** What a reader of the files still has, and what not. */
  readonly keeps: string
  readonly loses: string
  /** What masks may be left out, and why, to be followed by their number; null where none are. */
  readonly leavesOut: string | null
  /** Number of the source's first frame where the person wants no other: 1 in formats that count so. */
  readonly firstNumber?: 0 | 1
  /** Whether `frames.csv` is to say which frame and time a number stands for: where the format itself cannot. */
  readonly listsFrames: boolean
  needsPictures(options: Options): boolean
  /** What it will put into the folder, as relative paths with slashes, the first to be looked at first. */
  places(job: DatasetJob, options: Options): readonly string[]
  /** @throws ExportFolderNotWritable, ExportDiskFull, ExportTooManyObjects before any frame is taken */
  open(files: OutputFiles, job: DatasetJob, options: Options): Promise<DatasetWriter>
  /**
   * Counts what was written, before it takes its final names.
   * @param at where the file or folder of such a place lies now
   * @throws ExportMismatch for files that are cut or not what was written
   */
  recount(at: Locate, job: DatasetJob, options: Options): Promise<DatasetCount>
}

/** The class that a format has for an object: its own, or its name where it has none. */
export function categoryOf(object: DatasetObject): string {
  return object.className ?? object.name
}

/** All categories of a job in the order in which its objects need them; their numbers are their places. */
export function categoriesOf(objects: readonly DatasetObject[]): string[] {
  return [...new Set(objects.map(categoryOf))]
}
