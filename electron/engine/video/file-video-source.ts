import { decodeRange } from './decode-range.ts'
import { FrameAccess } from './frame-access.ts'
import type { DecoderInput } from './frame-decoder.ts'
import { buildFrameTable } from './frame-table.ts'
import type { FrameCheck } from './frame-table.ts'
import type { MediaTools } from './media-tools.ts'
import { probeVideo, readVideoPackets } from './probe-video.ts'
import { guardStreams } from './stream-guard.ts'
import type { VideoSource } from './video-source.ts'

export interface FileVideoOptions {
  readonly tools: MediaTools
  readonly cacheBytes: number
  readonly check: FrameCheck
  readonly signal?: AbortSignal | undefined
}

/**
 * Opens a file that ffmpeg reads: asks ffprobe for the stream and its packets, and makes the table of frames.
 * @throws UnreadableVideo, NoVideoStream, NoVideoFrames, VideoDecodeFailed
 */
export async function openFileVideo(path: string, options: FileVideoOptions): Promise<VideoSource> {
  const { tools, signal } = options
  const probe = await probeVideo(tools, path, signal)
  const packets = await readVideoPackets(tools, path, probe.streamIndex, signal)
  const { streamIndex, timeBase, widthPx, heightPx, seekMarginSeconds } = probe
  const input: DecoderInput = {
    tools,
    path,
    streamIndex,
    timeBase,
    widthPx,
    heightPx,
    seekMarginSeconds,
    running: new Set(),
  }
  const table = await buildFrameTable(input, probe, packets, options.check, signal)
  const frameCount = table.ticks.length
  const secondsOf = (ticks: number) => (ticks * timeBase.numerator) / timeBase.denominator

  const guard = guardStreams(path, frameCount, (range, streamSignal) =>
    decodeRange(input, table, range, streamSignal),
  )
  const access = new FrameAccess(
    {
      frameCount,
      frameBytes: widthPx * heightPx * 3,
      keyframeBefore: (frameIndex) => table.keyframes.findLast((keyframe) => keyframe <= frameIndex) ?? 0,
      stream: guard.frames,
    },
    options.cacheBytes,
  )
  const span = secondsOf(table.ticks[frameCount - 1]! - table.ticks[0]!)
  return {
    path,
    kind: 'file',
    widthPx,
    heightPx,
    pixelAspectRatio: probe.pixelAspectRatio,
    frameCount,
    presentationTimes: Float64Array.from(table.ticks, secondsOf),
    presentationTicks: table.ticks,
    timeBase,
    lastFrameTicks: table.lastFrameTicks,
    averageFrameRate: frameCount > 1 ? (frameCount - 1) / span : (probe.nominalFrameRate ?? 25),
    colorTags: probe.colorTags,
    hasAudio: probe.hasAudio,
    warnings: table.warnings,
    frames: guard.frames,
    async frameAt(frameIndex, frameSignal) {
      guard.check(frameIndex)
      return access.frameAt(frameIndex, frameSignal)
    },
    async close() {
      guard.close()
      await access.close()
      await Promise.all(Array.from(input.running, (child) => child.exit))
    },
  }
}
