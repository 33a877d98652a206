import type { Device } from '../runtime/session.ts'
import { allowedError, type Finding } from './finding.ts'
import { probeFrames, type ProbedFrames } from './probe-frames.ts'

/** Numbers are compared at this size; a device that draws pictures in software needs seconds for more. */
const comparedSizePx = 128
/** Speed is taken at the size that people work at, unless even the small one takes this long. */
const timedSizePx = 512
const slowFrameMs = 1_000

type Probe = (device: Device, sizePx: number, trackedFrames: number) => Promise<ProbedFrames>

/**
 * Runs the built-in model on a device, holds its numbers against the processor's and takes its time. A device's driver
 * may end the process: `probeInProcess` runs this in one of its own.
 */
export async function probeDevice(device: Device, probe: Probe = probeFrames): Promise<Finding> {
  try {
    const small = await probe(device, comparedSizePx, 2)
    const expected = device === 'cpu' ? small : await probe('cpu', comparedSizePx, 2)
    const worstError = worstErrorOf(small.logits, expected.logits)
    if (!(worstError <= allowedError)) {
      const said = Number.isFinite(worstError) ? `differ by ${worstError.toExponential(1)}` : 'are not finite'
      return { device, works: false, reason: `Its numbers ${said} from the processor's.` }
    }
    const isSlow = small.millisecondsPerFrame > slowFrameMs
    const millisecondsPerFrame = isSlow
      ? small.millisecondsPerFrame * (timedSizePx / comparedSizePx) ** 2
      : (await probe(device, timedSizePx, 4)).millisecondsPerFrame
    return { device, works: true, worstError, millisecondsPerFrame }
  } catch (error) {
    return { device, works: false, reason: reasonOf(error) }
  }
}

/** Largest difference over the largest magnitude; NaN where a number is not finite. */
function worstErrorOf(ours: Float32Array, expected: Float32Array): number {
  let difference = 0
  let magnitude = 0
  for (let i = 0; i < expected.length; i++) {
    if (!Number.isFinite(ours[i])) return NaN
    difference = Math.max(difference, Math.abs(ours[i]! - expected[i]!))
    magnitude = Math.max(magnitude, Math.abs(expected[i]!))
  }
  return difference / magnitude
}

/** What the runtime said, in one line, without the places in its source. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const message = cause instanceof Error ? cause.message : String(cause)
  if (/no supported adapters|failed to get a webgpu adapter/i.test(message))
    return 'There is no graphics device that it can use.'
  return message
    .split('\n')[0]!
    .replace(/^\/\S+ .*?\(.*?\)(?:::<\w+\(\)>)? /, '')
    .slice(0, 300)
}
