import { startChild, type Child } from '../processes/child-processes.ts'
import { mediaPath } from '../video/media-path.ts'
import { ExportDiskFull, ExportEncoderFailed } from './export-errors.ts'
import { matroskaHeader, matroskaPictureHeader, type MatroskaPictureFormat } from './matroska-frames.ts'

export interface FrameEncoderOptions {
  readonly ffmpegPath: string
  readonly picture: MatroskaPictureFormat
  /** Ticks a second of the times given to `write`. */
  readonly timescale: number
  /** Everything between the input and the output file: filters, codec, container. */
  readonly outputArguments: readonly string[]
  readonly temporaryPath: string
  /** The name that errors speak of. */
  readonly finalPath: string
}

/** An ffmpeg that turns pictures with exact times into a film. */
export interface FrameEncoder {
  /**
   * Passes one picture on. Resolves when the pixels may be overwritten. Times are in ticks, at least 0 and growing.
   * @throws ExportDiskFull, ExportEncoderFailed as soon as ffmpeg has ended, whatever the reason
   */
  write(pixels: Uint8Array, timeTicks: number, durationTicks: number): Promise<void>
  /** Ends the input and waits until the file is complete. @throws as `write` */
  finish(): Promise<void>
  /** Ends ffmpeg at once and waits for it to be gone. */
  kill(): Promise<void>
  /** Of ffmpeg; undefined when it could not be started. */
  readonly pid: number | undefined
}

export function startFrameEncoder(options: FrameEncoderOptions): FrameEncoder {
  const { picture, timescale, temporaryPath, finalPath } = options
  const child = startChild(
    options.ffmpegPath,
    [
      ...['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'error', '-y'],
      // One picture is enough to know what comes: nothing waits for more.
      ...['-copyts', '-probesize', '32', '-analyzeduration', '0', '-f', 'matroska', '-i', 'pipe:0'],
      ...['-map', '0:v:0', '-fps_mode', 'passthrough', '-enc_time_base', `1/${timescale}`],
      ...options.outputArguments,
      mediaPath(temporaryPath),
    ],
    { writable: true },
  )
  child.stdout.resume()
  const toNanoseconds = (ticks: number): bigint =>
    // Halves are rounded up; one tick is at least a microsecond, so ffmpeg gets the same tick back.
    (BigInt(ticks) * 2_000_000_000n + BigInt(timescale)) / BigInt(2 * timescale)

  let isHeaderSent = false
  return {
    pid: child.pid,
    async write(pixels, timeTicks, durationTicks) {
      if (!isHeaderSent) {
        isHeaderSent = true
        child.stdin!.write(matroskaHeader(picture))
      }
      const time = toNanoseconds(timeTicks)
      const duration = toNanoseconds(timeTicks + durationTicks) - time
      child.stdin!.write(matroskaPictureHeader(pixels.length, time, duration))
      // When ffmpeg ends, what is still in the pipe fails, so this always settles.
      const isTaken = await new Promise<boolean>((resolve) => {
        child.stdin!.write(pixels, (error) => resolve(error === null || error === undefined))
      })
      if (!isTaken) throw await encoderFailure(child, finalPath)
    },
    async finish() {
      child.stdin!.end()
      const { code } = await child.exit
      if (code !== 0) throw await encoderFailure(child, finalPath)
    },
    async kill() {
      child.kill()
      await child.exit
    },
  }
}

/** Why an ffmpeg that writes `path` ended, as an error with a sentence. */
export async function encoderFailure(child: Child, path: string): Promise<Error> {
  const { code, signal, startError } = await child.exit
  const lines = child.lastErrorLines()
  const said = lines.join('\n')
  const cause = startError ?? new Error(said || `exit code ${code}, signal ${signal}`)
  if (/no space left on device|disk quota exceeded/i.test(said)) return new ExportDiskFull(path, cause)
  if (signal !== null)
    return new ExportEncoderFailed(path, `ffmpeg was stopped from outside (${signal}). Export again.`, cause)
  const encoder = /unknown encoder '([^']+)'/i.exec(said)?.[1]
  if (encoder !== undefined)
    return new ExportEncoderFailed(
      path,
      `this ffmpeg was built without the encoder ${encoder}. Install a full build.`,
      cause,
    )
  return new ExportEncoderFailed(
    path,
    `ffmpeg ended early: ${lines.at(-1) ?? startError?.message ?? `exit code ${code}`}`,
    cause,
  )
}
