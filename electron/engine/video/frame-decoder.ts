import type { Readable } from 'node:stream'
import { startChild } from '../processes/child-processes.ts'
import type { Child } from '../processes/child-processes.ts'
import type { MediaTools } from './media-tools.ts'
import { inputArgs } from './media-path.ts'
import type { TimeBase } from './video-source.ts'

/** Where to read and what comes out; the same for every decoder of one video. */
export interface DecoderInput {
  readonly tools: MediaTools
  readonly path: string
  readonly streamIndex: number
  readonly timeBase: TimeBase
  /** Upright size of the frames. */
  readonly widthPx: number
  readonly heightPx: number
  readonly seekMarginSeconds: number
  /** The decoders that run, so that closing the video can wait for their end. */
  readonly running: Set<Child>
}

/**
 * Which of the decoded frames leave as pixels. Ticks and numbers: `first` included, `end` not. Numbers are ffmpeg's, which
 * may begin again at 0 half-way; see `countsAnew`.
 */
export interface DecoderSelection {
  /** By presentation time, or by the number of frames that this decoder yielded before. */
  readonly by: 'ticks' | 'count'
  readonly first: number
  readonly end: number
}

export interface DecoderOptions {
  /** Start at the last keyframe that the container finds at or before this time; otherwise at the beginning. */
  readonly seekSeconds?: number
  /** Null: decode, tell the times, write no pixels. */
  readonly pixels: DecoderSelection | null
  readonly signal?: AbortSignal | undefined
}

/** An ffmpeg that decodes one video stream in presentation order. */
export interface FrameDecoder {
  readonly child: Child
  /** The time in ticks of every decoded frame, pixels or not, in order; null for a frame without a time. */
  readonly times: AsyncIterator<number | null>
  /**
   * Whether ffmpeg set its filters up anew half-way, as it does where pictures of another size or kind come: its own
   * count of frames then began again at 0. Known of all frames whose times were read.
   */
  countsAnew(): boolean
  /** The pixels of the next selected frame, or null at the end of the output. */
  nextPixels(): Promise<Uint8Array | null>
}

/** Marks the frames for the print filter, which passes over frames that carry no metadata. */
const tellTimes =
  'metadata=mode=add:key=maskwright:value=1,' + 'metadata=mode=print:key=maskwright:direct=1:file=pipe\\\\:3'

/**
 * Starts decoding. ffmpeg writes each frame's presentation time to file descriptor 3 before the frame's pixels go to
 * standard output, so every picture is known by its own time and never by where a seek should have ended.
 * ffmpeg blocks while nobody reads the pixels.
 */
export function startDecoder(input: DecoderInput, options: DecoderOptions): FrameDecoder {
  const { timeBase, widthPx, heightPx } = input
  const seek =
    options.seekSeconds === undefined
      ? []
      : ['-noaccurate_seek', '-seek_timestamp', '1', '-ss', options.seekSeconds.toFixed(6)]
  const filters = [`settb=${timeBase.numerator}/${timeBase.denominator}`, tellTimes]
  if (options.pixels !== null) {
    const { by, first, end } = options.pixels
    filters.push(
      by === 'ticks'
        ? `trim=start_pts=${first}:end_pts=${end}`
        : `trim=start_frame=${first}:end_frame=${end}`,
    )
    // The size changes nothing, unless the stream changes its size half-way.
    filters.push(`scale=${widthPx}:${heightPx}`, 'format=rgb24')
  }
  const output = options.pixels === null ? ['-f', 'null', '-'] : ['-f', 'rawvideo', 'pipe:1']
  const child = startChild(
    input.tools.ffmpeg,
    [
      ...['-v', 'error', '-nostdin', '-copyts', ...seek, ...inputArgs(input.path)],
      ...['-map', `0:${input.streamIndex}`, '-vf', filters.join(','), '-fps_mode', 'passthrough', ...output],
    ],
    { sideOutput: true, signal: options.signal },
  )
  input.running.add(child)
  void child.exit.then(() => input.running.delete(child))
  if (options.pixels === null) child.stdout.resume()
  return {
    child,
    ...readTimes(child.sideOutput as Readable),
    nextPixels: pixelReader(child.stdout, widthPx * heightPx * 3),
  }
}

/** Reads lines like `frame:12   pts:1024`. Reads on by itself, so that ffmpeg never waits for us here. */
function readTimes(stream: Readable): Pick<FrameDecoder, 'times' | 'countsAnew'> {
  const waiting: (number | null)[] = []
  let rest = ''
  let ended = false
  let hasFirst = false
  let hasAnotherFirst = false
  let wake = (): void => {}
  stream.setEncoding('latin1')
  stream.on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const [, number, pts] = /^frame:\s*(\d+)\s+pts:\s*(\S+)/.exec(line) ?? []
      if (number === '0') {
        hasAnotherFirst ||= hasFirst
        hasFirst = true
      }
      if (pts !== undefined) waiting.push(/^-?\d+$/.test(pts) ? Number(pts) : null)
    }
    wake()
  })
  stream.once('close', () => {
    ended = true
    wake()
  })
  async function* readOn(): AsyncGenerator<number | null> {
    for (;;) {
      yield* waiting.splice(0)
      if (waiting.length > 0) continue
      if (ended) return
      await new Promise<void>((resolve) => (wake = resolve))
    }
  }
  return { times: readOn(), countsAnew: () => hasAnotherFirst }
}

function pixelReader(stream: Readable, frameBytes: number): () => Promise<Uint8Array | null> {
  const chunks = stream.iterator() as AsyncIterator<Buffer>
  let chunk: Buffer = Buffer.alloc(0)
  return async () => {
    // Not zeroed and not from the shared pool: the receiver keeps it.
    const frame = Buffer.allocUnsafeSlow(frameBytes)
    for (let filled = 0; filled < frameBytes;) {
      if (chunk.length === 0) {
        // A killed child's stream ends with an error; its exit tells the reason.
        const next = await chunks.next().catch(() => ({ done: true as const, value: undefined }))
        if (next.done) return null
        chunk = next.value
      }
      const taken = chunk.copy(frame, filled)
      filled += taken
      chunk = chunk.subarray(taken)
    }
    return new Uint8Array(frame.buffer, frame.byteOffset, frameBytes)
  }
}
