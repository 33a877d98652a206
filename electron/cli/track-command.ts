import { availableParallelism } from 'node:os'
import { trackColour } from '../contract/palette.ts'
import { completeExport } from '../engine/export/export-frames.ts'
import { DEFAULT_ANNOTATION } from '../engine/export/annotation-painter.ts'
import type { ExportObject, FrameSink } from '../engine/export/frame-sink.ts'
import { openVideoExports, type VideoExportName } from '../engine/export/video-exports.ts'
import { findDevice } from '../engine/models/find-device.ts'
import { loadModel } from '../engine/tracking/load-model.ts'
import { PictureEncoder } from '../engine/tracking/picture-encoder.ts'
import { Shots } from '../engine/tracking/shots.ts'
import { trackVideo, type FramePrompt } from '../engine/tracking/track-video.ts'
import { findMediaTools } from '../engine/video/media-tools.ts'
import { openVideo } from '../engine/video/open-video.ts'
import type { FrameRange, VideoSource } from '../engine/video/video-source.ts'
import { describeOutput } from './describe-output.ts'
import { ProgressLine } from './progress-line.ts'
import type { FrameArguments } from './prompt-arguments.ts'
import { readMaskFile } from './read-mask-file.ts'
import type { TrackArguments } from './track-arguments.ts'
import { TrackSummary } from './track-summary.ts'
import { UsageError } from './usage-error.ts'

export interface CommandOutput {
  /** A line for the person. */
  say(line: string): void
  /** Fires on Ctrl-C. */
  readonly stop: AbortSignal
}

/**
 * Tracks the objects of a video and writes the annotated film, the masks and tracks.json. When it is stopped, what is
 * done is kept and completed.
 * @returns the exit code: 0, or 130 when it was stopped
 * @throws UserFacingError and ModelError with a sentence for the person; nothing partial keeps a final name
 */
export async function track(args: TrackArguments, output: CommandOutput): Promise<number> {
  const tools = await findMediaTools()
  const video = await openVideo(args.videoPath, { tools, checkEveryFrame: true, signal: output.stop })
  try {
    for (const warning of video.warnings) output.say(`Note: ${warning}`)
    const range = rangeIn(args, video)
    const prompts = await promptsOf(args)
    const device = await findDevice(args.device, output.stop)
    const choice = {
      model: args.model,
      device,
      precision: args.mode === 'reference' ? ('fp32' as const) : args.precision,
      ...(args.imageSize === null ? {} : { imageSize: args.imageSize }),
    }
    const threads = args.threads ?? availableParallelism()
    const { name, model } = await loadModel({
      ...{ ...choice, threads },
      onNotice: (sentence) => {
        output.say(`Note: ${sentence}`)
      },
    })
    const pictureEncoder =
      device === 'cpu' && threads > 1 ? new PictureEncoder({ ...choice, threads: threads >> 1 }) : undefined
    // A thread that is left over would keep the command from ending.
    try {
      output.say(
        `${args.videoPath}: ${video.frameCount} frames, ${video.widthPx} x ${video.heightPx}; ` +
          `${name} at ${model.imageSize} px on ${device}`,
      )
      const objects: ExportObject[] = args.objects.map((object, index) => ({
        objectId: index + 1,
        name: object.name,
        colour: trackColour(index),
      }))
      const exports: VideoExportName[] = ['annotated-mp4', 'mask-png', 'tracks-json']
      if (args.palette) exports.push('palette-png')
      const annotation = {
        ...DEFAULT_ANNOTATION,
        ...(args.fillOpacity === null ? {} : { fillOpacity: args.fillOpacity }),
      }
      const shots = new Shots()
      const summary = new TrackSummary(objects)
      const looksForShots = args.mode === 'default' && args.tracking.detectShots
      const openSink = (exported: FrameRange): Promise<FrameSink> =>
        openVideoExports(exports, {
          ...{ source: video, tools, objects, annotation, outputFolder: args.outFolder },
          ...(looksForShots ? { shotStarts: () => shots.starts } : {}),
          selection: { range: exported, step: 1 },
        })
      // Opened before the tracking, so that a folder that refuses is found out at once.
      let sink = await openSink(range)
      const progress = new ProgressLine()
      const frameIndices: number[] = []
      try {
        const pictures = trackVideo({
          ...{
            video,
            model,
            prompts,
            range,
            shots,
            direction: args.direction,
            mode: args.mode,
            tracking: args.tracking,
          },
          ...(pictureEncoder ? { pictureEncoder } : {}),
          onTracked: (done, total) => progress.update(done, total),
          signal: output.stop,
        })
        try {
          for await (const { frame, tracked } of pictures) {
            if (frameIndices.length === 0 && frame.frameIndex > range.first) {
              // Stopped on the way back: film and sound begin where the tracking got to.
              await sink.abort()
              sink = await openSink({ first: frame.frameIndex, last: range.last })
            }
            await sink.write(frame, tracked)
            summary.add(tracked)
            frameIndices.push(frame.frameIndex)
          }
        } catch (error) {
          if (!output.stop.aborted || error !== output.stop.reason) throw error
        }
        progress.end()
        const { outputs, report } = await completeExport(video, tools, [sink], frameIndices)
        if (output.stop.aborted) output.say(stoppedAfter(frameIndices.length))
        for (const written of outputs) output.say(describeOutput(written))
        for (const sentence of report.sentences) output.say(sentence)
        for (const line of summary.lines(shots.starts)) output.say(line)
      } catch (error) {
        progress.end()
        await sink.abort()
        throw error
      }
    } finally {
      await pictureEncoder?.close()
      await model.dispose()
    }
    return output.stop.aborted ? 130 : 0
  } finally {
    await video.close()
  }
}

function rangeIn({ range }: TrackArguments, video: VideoSource): FrameRange {
  const last = video.frameCount - 1
  const chosen = { first: range.first ?? 0, last: range.last ?? last }
  if (chosen.first > last || chosen.last > last) {
    throw new UsageError(
      `--range ${chosen.first}:${chosen.last} goes beyond the video, whose last frame is ${last}.`,
    )
  }
  return chosen
}

function stoppedAfter(frames: number): string {
  return frames === 0
    ? 'Stopped before the first frame could be written; nothing is kept.'
    : `Stopped after ${frames} frames; what was done is kept.`
}

async function promptsOf({ objects }: TrackArguments): Promise<FramePrompt[]> {
  const prompts: FramePrompt[] = []
  for (const [index, { frames }] of objects.entries()) {
    for (const [frameIndex, frame] of frames) {
      prompts.push({ objectId: index + 1, frameIndex, prompt: await promptOf(frame) })
    }
  }
  return prompts
}

async function promptOf({ points, box, maskFile }: FrameArguments): Promise<FramePrompt['prompt']> {
  if (maskFile === undefined) return { kind: 'points-or-box', points, ...(box ? { box } : {}) }
  return { kind: 'mask', mask: await readMaskFile(maskFile) }
}
