import { connectedComponents, visitComponentRuns } from './connected-components.ts'

/** What the official predictor sets a filled hole to: just foreground. */
const FILLED_LOGIT = Math.fround(0.1)

/**
 * The official hole filling on mask logits: every connected piece of background (logit <= 0, corners connect) of at
 * most `maxAreaPx` pixels is set to +0.1. A piece at the border counts like any other.
 * @param logits row-major, height x width; stays as it is
 * @param maxAreaPx in pixels of the logits; 0 fills nothing
 */
export function fillHolesInLogits(
  logits: Float32Array,
  width: number,
  height: number,
  maxAreaPx: number,
): Float32Array {
  const filled = Float32Array.from(logits)
  if (maxAreaPx <= 0) return filled
  const background = new Uint8Array(logits.length)
  for (let i = 0; i < logits.length; i++) background[i] = logits[i]! <= 0 ? 1 : 0
  const holes = connectedComponents({ widthPx: width, heightPx: height, data: background }, 1, 8)
  visitComponentRuns(
    holes,
    (component) => holes.areas[component]! <= maxAreaPx,
    width,
    (begin, end) => filled.fill(FILLED_LOGIT, begin, end),
  )
  return filled
}
