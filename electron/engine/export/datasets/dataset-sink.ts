import { join } from 'node:path'
import { isRunLengthEmpty } from '../../masks/run-length-measures.ts'
import type { DecodedFrame, VideoSource } from '../../video/video-source.ts'
import { FrameGate } from '../frame-gate.ts'
import { exportedSeconds, frameNumber } from '../frame-naming.ts'
import type { FrameMasks, FrameSink, WrittenOutput } from '../frame-sink.ts'
import { csvLine } from './csv.ts'
import type { DatasetFormat, DatasetJob, DatasetMask, DatasetWriter } from './dataset-format.ts'
import { OutputFiles } from './output-files.ts'
import type { TextFile } from './text-file.ts'

/** Says which source frame each exported frame is, and when it is shown. */
export const FRAME_LIST = 'frames.csv'

/**
 * Opens a data set for writing into a folder, which is made if it is not there.
 * @throws ExportFolderNotWritable, ExportDiskFull, ExportTooManyObjects before any frame is taken
 */
export async function openDataset<Options>(
  format: DatasetFormat<Options>,
  job: DatasetJob & { readonly source: VideoSource },
  options: Options,
  outputFolder: string,
): Promise<FrameSink> {
  const files = new OutputFiles(outputFolder)
  try {
    const writer = await format.open(files, job, options)
    const frameList = format.listsFrames ? await files.text(FRAME_LIST) : null
    await frameList?.write(csvLine(['number', 'source_frame', 'time_seconds', 'picture']))
    const [first = '.'] = format.places(job, options)
    const numbering = { numberingStart: format.firstNumber ?? 0, ...job.numbering }
    return new DatasetSink({ ...job, numbering }, writer, files, frameList, {
      path: join(outputFolder, first),
      leavesOut: format.leavesOut,
      recount: () => format.recount((...place) => files.at(...place), job, options),
    })
  } catch (error) {
    await files.discard()
    throw error
  }
}

interface Closing {
  readonly path: string
  readonly leavesOut: string | null
  readonly recount: Extract<WrittenOutput, { kind: 'dataset' }>['recount']
}

class DatasetSink implements FrameSink {
  readonly #job: DatasetJob
  readonly #writer: DatasetWriter
  readonly #files: OutputFiles
  readonly #frameList: TextFile | null
  readonly #closing: Closing
  readonly #gate: FrameGate
  readonly #objectIndices: ReadonlyMap<number, number>
  #maskCount = 0
  #leftOutCount = 0

  constructor(
    job: DatasetJob & { readonly source: VideoSource },
    writer: DatasetWriter,
    files: OutputFiles,
    frameList: TextFile | null,
    closing: Closing,
  ) {
    this.#job = job
    this.#writer = writer
    this.#files = files
    this.#frameList = frameList
    this.#closing = closing
    this.#gate = new FrameGate(job.source)
    this.#objectIndices = new Map(job.objects.map(({ objectId }, index) => [objectId, index]))
  }

  async write(picture: DecodedFrame, frameMasks: FrameMasks): Promise<void> {
    const position = this.#gate.passed.length
    this.#gate.pass(picture, frameMasks)
    const { frameIndex } = picture
    const number = frameNumber(frameIndex, this.#job.numbering)
    const timeSeconds = exportedSeconds(picture.timeSeconds)
    const masks = this.#datasetMasks(frameMasks)
    const leftOut = await this.#writer.write({ frameIndex, position, number, timeSeconds, masks, picture })
    this.#leftOutCount += leftOut
    this.#maskCount += masks.length - leftOut
    const pictureName = this.#job.pictureNames?.[frameIndex] ?? ''
    await this.#frameList?.write(csvLine([number, frameIndex, timeSeconds, pictureName]))
  }

  async finish(): Promise<readonly WrittenOutput[]> {
    const frameIndices = this.#gate.passed
    if (frameIndices.length === 0) {
      await this.abort()
      return []
    }
    await this.#writer.end()
    await this.#files.flush()
    const { path, leavesOut, recount } = this.#closing
    const count = this.#leftOutCount
    const notes = count === 0 || leavesOut === null ? [] : [`${leavesOut}: ${count}`]
    const maskCount = this.#maskCount
    return [{ kind: 'dataset', path, frameIndices, maskCount, leftOutCount: count, notes, recount }]
  }

  async commit(): Promise<void> {
    await this.#files.commit()
  }

  async abort(): Promise<void> {
    await this.#files.discard()
  }

  #datasetMasks({ masks }: FrameMasks): DatasetMask[] {
    return masks
      .flatMap((mask) => {
        const objectIndex = this.#objectIndices.get(mask.objectId)
        if (objectIndex === undefined || isRunLengthEmpty(mask.mask)) return []
        return [{ ...mask, objectIndex, object: this.#job.objects[objectIndex]! }]
      })
      .sort((a, b) => a.objectIndex - b.objectIndex)
  }
}
