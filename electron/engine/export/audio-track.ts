import { z } from 'zod'
import { runChild, startChild } from '../processes/child-processes.ts'
import type { MediaTools } from '../video/media-tools.ts'
import { inputArgs, mediaPath } from '../video/media-path.ts'
import { encoderFailure } from './frame-encoder.ts'

/** Codecs that MP4 holds and players know; others become AAC. */
const mp4AudioCodecs = new Set(['aac', 'mp3', 'ac3', 'eac3', 'alac', 'opus', 'flac'])

const probeSchema = z.object({ streams: z.array(z.object({ codec_name: z.string().optional() })) })

export interface AudioMuxOptions {
  readonly tools: MediaTools
  readonly sourcePath: string
  /** A complete film without sound. */
  readonly videoPath: string
  /** Where film and sound go. */
  readonly temporaryPath: string
  /** The name that errors speak of. */
  readonly finalPath: string
  readonly videoTimescale: number
  /** Taken off the source's times, as for the pictures. */
  readonly offsetSeconds: number
  /** The stretch of the source, in its own seconds, that the pictures show; null when they show all of it. */
  readonly cut: { readonly startSeconds: number; readonly endSeconds: number } | null
  readonly signal?: AbortSignal | undefined
}

/**
 * Puts the source's sound beside finished pictures, in step with them as in the source, and the index at the
 * beginning of the file. Sound of the whole source is copied where MP4 can hold it. A stretch is cut to the sample,
 * for which it is decoded and becomes AAC; so does sound that MP4 cannot hold.
 * @returns whether a track was re-encoded
 * @throws ExportDiskFull, ExportEncoderFailed, the signal's reason
 */
export async function muxAudio(options: AudioMuxOptions): Promise<'copied' | 'converted'> {
  const { tools, cut, offsetSeconds, videoTimescale } = options
  const codecs = await audioCodecs(tools, options.sourcePath)
  const isCopied = codecs.map((codec) => cut === null && mp4AudioCodecs.has(codec))

  // Seeking early saves reading the whole source; the filter then cuts to the sample.
  const seek =
    cut === null ? [] : ['-seek_timestamp', '1', '-ss', Math.max(0, cut.startSeconds - 5).toFixed(6)]
  const shift = cut === null && offsetSeconds !== 0 ? ['-itsoffset', (-offsetSeconds).toFixed(9)] : []
  const filter =
    cut === null
      ? []
      : [
          '-af',
          `atrim=start=${cut.startSeconds.toFixed(9)}:end=${cut.endSeconds.toFixed(9)},asetpts=PTS-(${offsetSeconds.toFixed(9)})/TB`,
        ]
  const codecArguments = isCopied.flatMap((copied, index) =>
    copied ? [`-c:a:${index}`, 'copy'] : [`-c:a:${index}`, 'aac', `-b:a:${index}`, '192k'],
  )
  const child = startChild(
    tools.ffmpeg,
    [
      ...['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'error', '-y', '-copyts'],
      ...[...inputArgs(options.videoPath), ...shift, ...seek, ...inputArgs(options.sourcePath)],
      ...[
        '-map',
        '0:v:0',
        '-map',
        '1:a',
        '-map_metadata',
        '-1',
        '-c:v',
        'copy',
        ...codecArguments,
        ...filter,
      ],
      ...['-video_track_timescale', String(videoTimescale), '-movie_timescale', String(videoTimescale)],
      ...['-movflags', '+faststart', '-f', 'mp4', mediaPath(options.temporaryPath)],
    ],
    { signal: options.signal },
  )
  child.stdout.resume()
  const { code } = await child.exit
  options.signal?.throwIfAborted()
  if (code !== 0) throw await encoderFailure(child, options.finalPath)
  return isCopied.every(Boolean) ? 'copied' : 'converted'
}

async function audioCodecs(tools: MediaTools, path: string): Promise<string[]> {
  const output = await runChild(tools.ffprobe, [
    ...['-v', 'error', '-select_streams', 'a', '-show_entries', 'stream=codec_name', '-of', 'json'],
    ...inputArgs(path),
  ])
  const { streams } = probeSchema.parse(JSON.parse(output.toString('utf8')))
  return streams.map((stream) => stream.codec_name ?? 'unknown')
}
