import { basename } from 'node:path'
import { startDecoder } from './frame-decoder.ts'
import type { DecoderInput, DecoderOptions } from './frame-decoder.ts'
import type { VideoPacket, VideoProbe } from './probe-video.ts'
import { NoVideoFrames, VideoDecodeFailed } from './video-errors.ts'

/** The presentation times of the frames that decoding yields, in order, and where decoding may start. */
export interface FrameTable {
  /** Strictly increasing, in ticks of the stream's time base. */
  readonly ticks: readonly number[]
  /** Indices of frames at which decoding may start, increasing. Empty: decode from the beginning, always. */
  readonly keyframes: readonly number[]
  /**
   * True when each decoded frame carries exactly the time in the table, so that it can be told by its time; false
   * when the file's own times are missing or repeat, so that frames must be counted from the beginning.
   */
  readonly areTimesIdentities: boolean
  /** Whether ffmpeg's own count of the frames begins again half-way, so that it cannot leave frames out by number. */
  readonly countsAnew: boolean
  readonly lastFrameTicks: number
  readonly warnings: readonly string[]
}

/** Which frames are decoded while opening, to see that the file's index tells the truth. */
export type FrameCheck = 'all' | 'ends' | 'by-size'

/** A video of up to this many pixels, all frames together, is checked whole: about half a second's work. */
const wholePixels = 4e8
const checkedAtHead = 32
/** A last group of pictures longer than this is not decoded if the container's own count agrees. */
const longTail = 1000
const secondsMissed = 1

/**
 * Builds the table from the packets, which takes no decoding, and makes sure that the decoder yields the same frames:
 * of a small video all, of a big one the first frames and everything after the last keyframe, where files differ from
 * what their index says. Where they do not agree, and where packets lack times, every frame is decoded to see.
 * @param check `all` finds damage in the middle of a big file too, at the price of decoding it once
 * @throws NoVideoFrames, VideoDecodeFailed when ffmpeg is killed meanwhile
 */
export async function buildFrameTable(
  input: DecoderInput,
  probe: VideoProbe,
  packets: readonly VideoPacket[],
  check: FrameCheck,
  signal?: AbortSignal,
): Promise<FrameTable> {
  const shown = packets.filter((packet) => !packet.isHidden)
  if (packets.length === 0) throw new NoVideoFrames(input.path)
  const listed = shown.flatMap((packet) => packet.ticks ?? []).sort((a, b) => a - b)
  const isListUsable = listed.length > 0 && listed.length === shown.length && isStrictlyIncreasing(listed)
  const keyTicks = new Set(
    shown.flatMap((packet) => (packet.isKeyframe && packet.ticks !== null ? packet.ticks : [])),
  )
  const keyframesOf = (ticks: readonly number[]) =>
    ticks.flatMap((tick, index) => (keyTicks.has(tick) ? index : []))

  const isSmall = listed.length * input.widthPx * input.heightPx <= wholePixels
  const checksAll = check === 'all' || (check === 'by-size' && isSmall)
  const holdsTrue =
    isListUsable &&
    !checksAll &&
    (await agreesAtBothEnds(input, probe, listed, keyframesOf(listed), packets.length, signal))
  if (holdsTrue) return finish(input, probe, packets, listed, keyframesOf(listed), true)

  const { times: decoded, countsAnew } = await decodeTimes(input, { pixels: null, signal })
  if (decoded.length === 0) throw new NoVideoFrames(input.path)
  const times = decoded.filter((ticks) => ticks !== null)
  const areIdentities = isListUsable && times.length === decoded.length && isStrictlyIncreasing(times)
  if (areIdentities) return finish(input, probe, packets, times, keyframesOf(times), true)
  return { ...finish(input, probe, packets, orderedTicks(decoded, probe), [], false), countsAnew }
}

async function agreesAtBothEnds(
  input: DecoderInput,
  probe: VideoProbe,
  listed: readonly number[],
  keyframes: readonly number[],
  packetCount: number,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const { times: head } = await decodeTimes(input, { pixels: null, signal }, checkedAtHead)
  if (!head.every((ticks, index) => ticks === listed[index])) return false
  const last = keyframes.at(-1) ?? 0
  if (listed.length - last > longTail && probe.promisedFrames === packetCount) return true
  const seekSeconds = (listed[last]! * probe.timeBase.numerator) / probe.timeBase.denominator
  const { times: tail } = await decodeTimes(input, {
    ...{ pixels: null, signal },
    ...(last === 0 ? {} : { seekSeconds }),
  })
  const fromLast = tail.slice(tail.indexOf(listed[last]!))
  return fromLast.length === listed.length - last && fromLast.every((ticks, i) => ticks === listed[last + i])
}

/** The times of the frames that decoding yields; only the first ones if a limit is given. */
async function decodeTimes(
  input: DecoderInput,
  options: DecoderOptions,
  limit = Number.POSITIVE_INFINITY,
): Promise<{ times: (number | null)[]; countsAnew: boolean }> {
  const decoder = startDecoder(input, options)
  const times: (number | null)[] = []
  try {
    while (times.length < limit) {
      const next = await decoder.times.next()
      if (next.done) {
        const { signal } = await decoder.child.exit
        options.signal?.throwIfAborted()
        if (signal !== null)
          throw new VideoDecodeFailed(input.path, times.length, `ffmpeg was stopped by ${signal}.`)
        break
      }
      times.push(next.value)
    }
    return { times, countsAnew: decoder.countsAnew() }
  } finally {
    decoder.child.kill()
  }
}

/** Times for frames that have none or the wrong ones: what there is, moved as little as makes them increase. */
function orderedTicks(decoded: readonly (number | null)[], probe: VideoProbe): number[] {
  const { numerator, denominator } = probe.timeBase
  const step = Math.max(1, denominator / numerator / (probe.nominalFrameRate ?? 25))
  if (decoded.includes(null)) return decoded.map((_, index) => Math.round(index * step))
  let previous = Number.NEGATIVE_INFINITY
  return decoded.map((ticks) => (previous = Math.max(ticks!, previous + 1)))
}

function finish(
  input: DecoderInput,
  probe: VideoProbe,
  packets: readonly VideoPacket[],
  ticks: readonly number[],
  keyframes: readonly number[],
  areTimesIdentities: boolean,
): FrameTable {
  const last = ticks.at(-1)!
  const step = ticks.length > 1 ? last - ticks.at(-2)! : 1
  const duration = packets.findLast((packet) => packet.ticks === last)?.durationTicks ?? 0
  const lastFrameTicks = duration > 0 ? duration : step
  const { timeBase, promisedFrames, promisedSeconds } = probe
  const shownSeconds = ((last + lastFrameTicks - ticks[0]!) * timeBase.numerator) / timeBase.denominator
  const warnings: string[] = []
  const name = basename(input.path)
  if (promisedFrames !== null && packets.length < promisedFrames) {
    warnings.push(
      `${name} ends early: it should have ${promisedFrames} frames, ${ticks.length} can be decoded.`,
    )
  } else if (
    promisedSeconds !== null &&
    shownSeconds < promisedSeconds - secondsMissed &&
    promisedFrames === null
  ) {
    const [is, should] = [shownSeconds.toFixed(1), promisedSeconds.toFixed(1)]
    warnings.push(`${name} ends early: it should last ${should} s, ${is} s can be decoded.`)
  } else if (areTimesIdentities && ticks.length < packets.filter((packet) => !packet.isHidden).length) {
    warnings.push(
      `${name} is damaged or begins without a keyframe: only ${ticks.length} frames can be decoded.`,
    )
  }
  if (!areTimesIdentities) {
    warnings.push(`${name} has missing or repeated times: its frames are counted, jumping in it is slow.`)
  }
  return { ticks, keyframes, areTimesIdentities, countsAnew: false, lastFrameTicks, warnings }
}

function isStrictlyIncreasing(values: readonly number[]): boolean {
  return values.every((value, index) => index === 0 || value > values[index - 1]!)
}
