import { rm } from 'node:fs/promises'
import { ChildProcessFailed } from '../processes/child-processes.ts'
import type { MediaTools } from '../video/media-tools.ts'
import type { DecodedFrame, VideoSource } from '../video/video-source.ts'
import { muxAudio } from './audio-track.ts'
import { ExportEncoderFailed } from './export-errors.ts'
import { FrameGate } from './frame-gate.ts'
import { startFrameEncoder, type FrameEncoder } from './frame-encoder.ts'
import type { AudioOutcome, ExportSelection, FrameMasks, FrameSink, WrittenOutput } from './frame-sink.ts'
import { BYTES_PER_PIXEL } from './matroska-frames.ts'
import { outputClock, type OutputClock } from './output-clock.ts'
import { stageFile, type StagedOutput } from './staged-output.ts'
import { colourFilter, type VideoProfile } from './video-profiles.ts'

/** Makes the pixels of one exported picture out of a frame and its masks. */
export interface FramePainter {
  /**
   * Fills every pixel of `canvas` up to the frame's width and height. Rows are `canvas.strideBytes` apart; what lies
   * to the right of the frame or below it is not the painter's.
   */
  paint(frame: DecodedFrame, masks: FrameMasks, canvas: Canvas): void | Promise<void>
}

/** Pixels in the layout of the film's profile. */
export interface Canvas {
  readonly pixels: Uint8Array
  readonly strideBytes: number
}

export interface VideoSinkOptions {
  readonly source: VideoSource
  readonly tools: MediaTools
  readonly selection: ExportSelection
  readonly path: string
  readonly profile: VideoProfile
  readonly painter: FramePainter
  /** Take the source's sound over (MP4 only). Left out with a step above 1 only if the source has none. */
  readonly keepAudio: boolean
}

/**
 * A film of painted frames whose frames are shown when the source's are (see `outputClock` for the rule). The film
 * grows under a temporary name and gets its own when it is complete, sound included.
 * @throws ExportFolderNotWritable, ExportDiskFull when the folder refuses, before any frame is taken
 */
export async function openVideoSink(options: VideoSinkOptions): Promise<FrameSink> {
  const staged = await stageFile(options.path)
  return new VideoSink(options, staged)
}

class VideoSink implements FrameSink {
  readonly #options: VideoSinkOptions
  readonly #staged: StagedOutput
  readonly #clock: OutputClock
  readonly #encoder: FrameEncoder
  readonly #widthPx: number
  readonly #heightPx: number
  /** One is painted while ffmpeg reads the other. */
  readonly #buffers: [Uint8Array, Uint8Array]
  readonly #gate: FrameGate
  #inFlight: Promise<void> = Promise.resolve()
  #withAudio: StagedOutput | null = null

  constructor(options: VideoSinkOptions, staged: StagedOutput) {
    const { source, profile } = options
    this.#options = options
    this.#staged = staged
    this.#gate = new FrameGate(source)
    this.#clock = outputClock(source, options.selection)
    const even = (sizePx: number): number => (profile.needsEvenSides ? sizePx + (sizePx % 2) : sizePx)
    this.#widthPx = even(source.widthPx)
    this.#heightPx = even(source.heightPx)
    const bytes = this.#widthPx * this.#heightPx * BYTES_PER_PIXEL[profile.layout]
    this.#buffers = [new Uint8Array(bytes), new Uint8Array(bytes)]
    this.#encoder = startFrameEncoder({
      ffmpegPath: options.tools.ffmpeg,
      picture: {
        widthPx: this.#widthPx,
        heightPx: this.#heightPx,
        layout: profile.layout,
        averageFrameRate: source.averageFrameRate / options.selection.step,
      },
      timescale: this.#clock.timescale,
      outputArguments: encodingArguments(options, this.#clock.timescale),
      temporaryPath: staged.temporaryPath,
      finalPath: staged.finalPath,
    })
  }

  async write(frame: DecodedFrame, masks: FrameMasks): Promise<void> {
    const { profile, painter } = this.#options
    const pixels = this.#buffers[this.#gate.passed.length % 2]!
    this.#gate.pass(frame, masks)
    const strideBytes = this.#widthPx * BYTES_PER_PIXEL[profile.layout]
    await painter.paint(frame, masks, { pixels, strideBytes })
    repeatLastEdges(pixels, strideBytes, BYTES_PER_PIXEL[profile.layout], frame)

    await this.#inFlight
    const { frameIndex } = frame
    this.#inFlight = this.#encoder.write(
      pixels,
      this.#clock.ticksAt(frameIndex),
      this.#clock.durationTicks(frameIndex),
    )
    // Reported by the next write or by finish.
    this.#inFlight.catch(() => {})
  }

  async finish(): Promise<readonly WrittenOutput[]> {
    if (this.#gate.passed.length === 0) {
      await this.abort()
      return []
    }
    await this.#inFlight
    await this.#encoder.finish()
    const audio = await this.#addAudio()
    const stagedPath = this.#complete.temporaryPath
    const { timescale } = this.#clock
    const { profile, path } = this.#options
    const timesSeconds = this.#gate.passed.map((index) => this.#clock.ticksAt(index) / timescale)
    // Half a tick of a container with a coarser clock; else what is lost in writing seconds as a number.
    const coarseness = profile.containerTimescale === null ? 0 : 0.5 / profile.containerTimescale
    const toleranceSeconds = coarseness + 1e-6
    const frameIndices = this.#gate.passed
    return [{ kind: 'video', path, stagedPath, frameIndices, timesSeconds, toleranceSeconds, audio }]
  }

  async commit(): Promise<void> {
    if (this.#gate.passed.length === 0) return
    await this.#complete.commit()
    if (this.#withAudio !== null) await this.#staged.discard()
  }

  async abort(): Promise<void> {
    await this.#encoder.kill()
    await this.#staged.discard()
    await this.#withAudio?.discard()
  }

  /** The film, with sound where it has any. */
  get #complete(): StagedOutput {
    return this.#withAudio ?? this.#staged
  }

  async #addAudio(): Promise<AudioOutcome> {
    const { source, tools, selection, keepAudio, path } = this.#options
    if (!keepAudio || !source.hasAudio || source.kind !== 'file') return { kind: 'none' }
    const clock = this.#clock
    const last = this.#gate.passed.at(-1)!
    const isWhole = selection.range.first === 0 && last + selection.step >= source.frameCount
    const secondsOf = (ticks: number): number => ticks / clock.timescale + clock.offsetSeconds
    const cut = isWhole
      ? null
      : {
          startSeconds: secondsOf(clock.ticksAt(selection.range.first)),
          endSeconds: secondsOf(clock.ticksAt(last) + clock.durationTicks(last)),
        }
    const staged = await stageFile(path)
    try {
      const kind = await muxAudio({
        tools,
        sourcePath: source.path,
        videoPath: this.#staged.temporaryPath,
        temporaryPath: staged.temporaryPath,
        finalPath: path,
        videoTimescale: clock.timescale,
        offsetSeconds: clock.offsetSeconds,
        cut,
      })
      this.#withAudio = staged
      return { kind }
    } catch (error) {
      await rm(staged.temporaryPath, { force: true })
      if (!(error instanceof ExportEncoderFailed || error instanceof ChildProcessFailed)) throw error
      // The pictures are whole; losing hours of them for a broken sound track would help nobody.
      return { kind: 'leftOut', sentence: `The sound could not be taken over: ${error.message}` }
    }
  }
}

function encodingArguments({ source, profile, keepAudio }: VideoSinkOptions, timescale: number): string[] {
  const isMov = profile.container !== 'webm'
  // With sound a second step writes the final file and moves the index then.
  const isFinal = !(keepAudio && source.hasAudio)
  return [
    ...['-vf', colourFilter(source, profile.pixelFormat)],
    ...profile.codecArguments,
    ...(isMov ? ['-video_track_timescale', String(timescale), '-movie_timescale', String(timescale)] : []),
    ...(isMov && isFinal ? ['-movflags', '+faststart'] : []),
    ...['-f', profile.container],
  ]
}

/** Repeats the last column and row where the film is one pixel larger than the frame, so that nothing shifts. */
function repeatLastEdges(
  pixels: Uint8Array,
  strideBytes: number,
  pixelBytes: number,
  { widthPx, heightPx }: DecodedFrame,
): void {
  const rowBytes = widthPx * pixelBytes
  if (strideBytes > rowBytes) {
    for (let row = 0; row < heightPx; row++) {
      const end = row * strideBytes + rowBytes
      pixels.copyWithin(end, end - pixelBytes, end)
    }
  }
  if (pixels.length > heightPx * strideBytes) {
    const lastRow = (heightPx - 1) * strideBytes
    pixels.copyWithin(lastRow + strideBytes, lastRow, lastRow + strideBytes)
  }
}
