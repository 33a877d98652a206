import { open, type FileHandle } from 'node:fs/promises'
import { basename } from 'node:path'
import { TRACKS_VERSION, type TrackEntry, type TrackFrame, type TracksHeader } from '../../contract/tracks.ts'
import { runLengthArea, runLengthBox } from '../masks/run-length-measures.ts'
import type { DecodedFrame, VideoSource } from '../video/video-source.ts'
import { writeError } from './export-errors.ts'
import { objectFolderNames } from './file-names.ts'
import { FrameGate } from './frame-gate.ts'
import { exportedSeconds } from './frame-naming.ts'
import type { ExportMask, ExportObject, FrameMasks, FrameSink, WrittenOutput } from './frame-sink.ts'
import { maskCentroid } from './mask-centroid.ts'
import { stageFile, type StagedOutput } from './staged-output.ts'

export interface TracksSinkOptions {
  readonly source: VideoSource
  readonly objects: readonly ExportObject[]
  readonly path: string
  /** Frames on which shots begin, asked when the last frame was given; null, or without it, nobody knows of shots. */
  readonly shotStarts?: (() => readonly number[] | null) | undefined
}

/** Bytes that wait in memory before they are written. */
const chunkBytes = 256 * 1024

/**
 * `tracks.json` (`tracksFileSchema`), one frame a line, written as the frames come, so that its length costs no memory.
 * @throws ExportFolderNotWritable, ExportDiskFull when the folder refuses, before any frame is taken
 */
export async function openTracksSink(options: TracksSinkOptions): Promise<FrameSink> {
  const staged = await stageFile(options.path)
  return new TracksSink(options, staged, await open(staged.temporaryPath, 'w'))
}

class TracksSink implements FrameSink {
  readonly #objects: readonly ExportObject[]
  readonly #staged: StagedOutput
  readonly #file: FileHandle
  readonly #gate: FrameGate
  readonly #shotStarts: TracksSinkOptions['shotStarts']
  #waiting: string

  constructor({ source, objects, shotStarts }: TracksSinkOptions, staged: StagedOutput, file: FileHandle) {
    this.#objects = objects
    this.#staged = staged
    this.#file = file
    this.#shotStarts = shotStarts
    this.#gate = new FrameGate(source)
    const { version, video, objects: described } = tracksHeader(source, objects)
    this.#waiting =
      `{"version":${version},\n"video":${JSON.stringify(video)},\n` +
      `"objects":${JSON.stringify(described)},\n"frames":[`
  }

  async write(frame: DecodedFrame, masks: FrameMasks): Promise<void> {
    const isFirst = this.#gate.passed.length === 0
    this.#gate.pass(frame, masks)
    this.#waiting += `${isFirst ? '\n' : ',\n'}${JSON.stringify(trackFrame(frame, masks, this.#objects))}`
    if (this.#waiting.length >= chunkBytes) await this.#flush()
  }

  async finish(): Promise<readonly WrittenOutput[]> {
    const frameIndices = this.#gate.passed
    if (frameIndices.length === 0) {
      await this.abort()
      return []
    }
    const [first, last] = [frameIndices[0]!, frameIndices.at(-1)!]
    const shots = this.#shotStarts?.()?.filter((start) => first <= start && start <= last) ?? null
    this.#waiting += `\n],\n"shots":${JSON.stringify(shots)},\n"framesWritten":${frameIndices.length}}\n`
    await this.#flush()
    await this.#file.close()
    const { finalPath: path, temporaryPath: stagedPath } = this.#staged
    return [{ kind: 'tracks', path, stagedPath, frameIndices, objectCount: this.#objects.length }]
  }

  async commit(): Promise<void> {
    if (this.#gate.passed.length > 0) await this.#staged.commit()
  }

  async abort(): Promise<void> {
    await this.#file.close().catch(() => {})
    await this.#staged.discard()
  }

  async #flush(): Promise<void> {
    const text = this.#waiting
    this.#waiting = ''
    try {
      await this.#file.appendFile(text)
    } catch (error) {
      throw writeError(this.#staged.finalPath, error)
    }
  }
}

function tracksHeader(source: VideoSource, objects: readonly ExportObject[]): TracksHeader {
  const folders = objectFolderNames(objects)
  return {
    version: TRACKS_VERSION,
    video: {
      file: basename(source.path),
      widthPx: source.widthPx,
      heightPx: source.heightPx,
      pixelAspectRatio: source.pixelAspectRatio,
      frameCount: source.frameCount,
      averageFrameRate: source.averageFrameRate,
      timeBase: source.timeBase,
    },
    objects: objects.map(({ objectId, name, colour }, index) => ({
      objectId,
      name,
      colour,
      folder: folders[index]!,
    })),
  }
}

/** A frame's line: every object has an entry, absent ones too. */
function trackFrame(
  { frameIndex, timeSeconds }: DecodedFrame,
  { masks }: FrameMasks,
  objects: readonly ExportObject[],
): TrackFrame {
  return {
    frame: frameIndex,
    timeSeconds: exportedSeconds(timeSeconds),
    objects: objects.map(({ objectId }) =>
      trackEntry(
        objectId,
        masks.find((mask) => mask.objectId === objectId),
      ),
    ),
  }
}

/** What tables say of an object on a frame. */
export function trackEntry(objectId: number, found: ExportMask | undefined): TrackEntry {
  const box = found === undefined ? null : runLengthBox(found.mask)
  const scores = {
    objectScore: rounded(found?.objectScore ?? null, 1e6),
    predictedIou: rounded(found?.predictedIou ?? null, 1e6),
    suspicion: rounded(found?.suspicion ?? null, 1e6),
  }
  if (found === undefined || box === null)
    return { objectId, present: false, box: null, area: 0, centroid: null, ...scores }
  const [x, y] = maskCentroid(found.mask)!
  return {
    objectId,
    present: true,
    box: [box.leftPx, box.topPx, box.leftPx + box.widthPx, box.topPx + box.heightPx],
    area: runLengthArea(found.mask),
    centroid: [rounded(x, 100)!, rounded(y, 100)!],
    ...scores,
  }
}

function rounded(value: number | null, steps: number): number | null {
  return value === null ? null : Math.round(value * steps) / steps
}
