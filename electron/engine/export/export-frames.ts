import { isRunLengthEmpty } from '../masks/run-length-measures.ts'
import type { DecodedFrame, VideoSource } from '../video/video-source.ts'
import { abortAll, joinSinks } from './joined-sink.ts'
import {
  selectedFrames,
  type ExportSelection,
  type FrameMasks,
  type FrameSink,
  type WrittenOutput,
} from './frame-sink.ts'
import type { MediaTools } from '../video/media-tools.ts'
import { verifyExport, type ExportReport } from './verify-export.ts'

export interface ExportFramesOptions {
  readonly source: VideoSource
  readonly tools: MediaTools
  readonly selection: ExportSelection
  readonly sinks: readonly FrameSink[]
  /** False where no sink looks at the pixels: nothing is decoded then, and frames come without any. */
  readonly pictures?: boolean
  /** The masks of a frame; asked for in order. */
  masksOf(frameIndex: number): FrameMasks | Promise<FrameMasks>
  onProgress?(framesDone: number, framesTotal: number): void
  /** Stops the export. */
  readonly signal?: AbortSignal | undefined
  /** What a stop does with the frames that are done: complete the files with them, or remove them. */
  readonly whenStopped: 'keep' | 'discard'
}

export interface ExportOutcome {
  readonly outputs: readonly WrittenOutput[]
  readonly report: ExportReport
  /** Whether it was stopped before the last frame. */
  readonly wasStopped: boolean
}

/**
 * Decodes the selected frames once, gives each with its masks to every sink, completes them and checks the result
 * against the source.
 * @throws what the sinks and the source throw, after all sinks have cleaned up; ExportMismatch from the closing check;
 * the signal's reason when it fired with `discard`
 */
export async function exportFrames(options: ExportFramesOptions): Promise<ExportOutcome> {
  const { source, selection, sinks, signal } = options
  const frameIndices = selectedFrames(selection)
  try {
    const { done, maskCount } = await feedSinks(options, frameIndices)
    if (signal?.aborted && options.whenStopped === 'discard') signal.throwIfAborted()
    const { outputs, report } = await completeExport(
      source,
      options.tools,
      sinks,
      frameIndices.slice(0, done),
      maskCount,
    )
    return { outputs, report, wasStopped: done < frameIndices.length }
  } catch (error) {
    await abortAll(sinks)
    throw error
  }
}

/**
 * The end of every export: completes the sinks one after another, checks what they wrote and gives it its final names then.
 * @param frameIndices the frames that every sink was given, in order
 * @param maskCount the masks with pixels that came with them
 * @throws as the sinks' `finish` and `commit`; ExportMismatch. The caller aborts the sinks then.
 */
export async function completeExport(
  source: VideoSource,
  tools: MediaTools,
  sinks: readonly FrameSink[],
  frameIndices: readonly number[],
  maskCount?: number,
): Promise<{ outputs: readonly WrittenOutput[]; report: ExportReport }> {
  const sink = joinSinks(sinks)
  const outputs = await sink.finish()
  const timesSeconds = frameIndices.map((index) => source.presentationTimes[index]!)
  const report = await verifyExport({ tools, frameIndices, timesSeconds, outputs, maskCount })
  await sink.commit()
  return { outputs, report }
}

/** @returns how many of the frames, and masks with pixels, every sink has taken */
async function feedSinks(
  options: ExportFramesOptions,
  frameIndices: readonly number[],
): Promise<{ done: number; maskCount: number }> {
  const sink = joinSinks(options.sinks)
  const total = frameIndices.length
  let done = 0
  let maskCount = 0
  if (total === 0 || options.signal?.aborted) return { done, maskCount }
  for await (const frame of framesOf(options, frameIndices)) {
    if (options.signal?.aborted) break
    if (frame.frameIndex !== frameIndices[done]) continue
    const masks = await options.masksOf(frame.frameIndex)
    await sink.write(frame, masks)
    for (const { mask } of masks.masks) if (!isRunLengthEmpty(mask)) maskCount++
    done++
    options.onProgress?.(done, total)
  }
  return { done, maskCount }
}

const noPixels = new Uint8Array(0)

async function* framesOf(
  { source, selection, pictures = true }: ExportFramesOptions,
  frameIndices: readonly number[],
): AsyncGenerator<DecodedFrame> {
  if (pictures) {
    yield* source.frames({ first: selection.range.first, last: frameIndices.at(-1)! })
    return
  }
  const { widthPx, heightPx, presentationTimes } = source
  for (const frameIndex of frameIndices) {
    yield { frameIndex, timeSeconds: presentationTimes[frameIndex]!, widthPx, heightPx, rgb: noPixels }
    // Others want their turn, too: without decoding there may be nothing here that waits.
    await new Promise((resolve) => setImmediate(resolve))
  }
}
