import type { VideoSource } from '../video/video-source.ts'
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
    const done = await feedSinks(options, frameIndices)
    if (signal?.aborted && options.whenStopped === 'discard') signal.throwIfAborted()
    const { outputs, report } = await completeExport(
      source,
      options.tools,
      sinks,
      frameIndices.slice(0, done),
    )
    return { outputs, report, wasStopped: done < frameIndices.length }
  } catch (error) {
    await abortAll(sinks)
    throw error
  }
}

/**
 * The end of every export: completes the sinks one after another and checks what they wrote.
 * @param frameIndices the frames that every sink was given, in order
 * @throws as the sinks' `finish`; ExportMismatch. The caller aborts the sinks then.
 */
export async function completeExport(
  source: VideoSource,
  tools: MediaTools,
  sinks: readonly FrameSink[],
  frameIndices: readonly number[],
): Promise<{ outputs: readonly WrittenOutput[]; report: ExportReport }> {
  const outputs = await joinSinks(sinks).finish()
  const timesSeconds = frameIndices.map((index) => source.presentationTimes[index]!)
  const report = await verifyExport({ tools, frameIndices, timesSeconds, outputs })
  return { outputs, report }
}

/** @returns how many of the frames every sink has taken */
async function feedSinks(options: ExportFramesOptions, frameIndices: readonly number[]): Promise<number> {
  const { source, selection, signal } = options
  const sink = joinSinks(options.sinks)
  const total = frameIndices.length
  let done = 0
  if (total === 0 || signal?.aborted) return 0
  for await (const frame of source.frames({ first: selection.range.first, last: frameIndices[total - 1]! })) {
    if (signal?.aborted) break
    if (frame.frameIndex !== frameIndices[done]) continue
    const masks = await options.masksOf(frame.frameIndex)
    await sink.write(frame, masks)
    done++
    options.onProgress?.(done, total)
  }
  return done
}
