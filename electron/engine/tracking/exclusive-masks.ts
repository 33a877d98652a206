import type { RunLengthMask } from '../../contract/mask.ts'
import { linearTaps, type LinearTaps } from '../masks/linear-taps.ts'
import { decodeRunLength, encodeRunLength } from '../masks/run-length-mask.ts'
import { isRunLengthEmpty, runLengthBox } from '../masks/run-length-measures.ts'
import { intersectRunLength, subtractRunLength } from '../masks/run-length-sets.ts'
import type { FrameSize } from './follow-zoom.ts'
import { maskInFrame, type SeenLogits } from './view-masks.ts'

/**
 * The masks of a frame's objects, source size, each pixel with the object whose logit is the highest there
 * (`_apply_non_overlapping_constraints`); of equals the first keeps it. Logits are looked at only where masks overlap.
 * @param seen the logits of each object, [s, s], with where in the frame they were found
 */
export function exclusiveMasks(
  seen: readonly SeenLogits[],
  maskSize: number,
  frame: FrameSize,
): RunLengthMask[] {
  const masks = seen.map((logits) => maskInFrame(logits, maskSize, frame))
  const fields = seen.map((logits) => new LogitField(logits, maskSize, frame))
  for (let first = 0; first < masks.length; first++) {
    for (let second = first + 1; second < masks.length; second++) {
      const shared = intersectRunLength(masks[first]!, masks[second]!)
      if (isRunLengthEmpty(shared)) continue
      const ofSecond = pixelsWonBySecond(shared, fields[first]!, fields[second]!)
      masks[first] = subtractRunLength(masks[first]!, ofSecond)
      masks[second] = subtractRunLength(masks[second]!, subtractRunLength(shared, ofSecond))
    }
  }
  return masks
}

function pixelsWonBySecond(shared: RunLengthMask, first: LogitField, second: LogitField): RunLengthMask {
  const { data, widthPx, heightPx } = decodeRunLength(shared)
  const { leftPx, topPx, ...box } = runLengthBox(shared)!
  const won = new Uint8Array(data.length)
  for (let y = topPx; y < topPx + box.heightPx; y++) {
    for (let x = leftPx; x < leftPx + box.widthPx; x++) {
      const pixel = y * widthPx + x
      if (data[pixel] === 1 && second.at(x, y) > first.at(x, y)) won[pixel] = 1
    }
  }
  return encodeRunLength({ data: won, widthPx, heightPx })
}

/** Mask logits at source pixels, bilinear, as masks are made of them. */
class LogitField {
  readonly #logits: Float32Array
  readonly #maskSize: number
  readonly #columns: LinearTaps
  readonly #rows: LinearTaps
  readonly #leftPx: number
  readonly #topPx: number

  constructor({ maskLogits, view }: SeenLogits, maskSize: number, frame: FrameSize) {
    const { leftPx, topPx, widthPx, heightPx } = view ?? { leftPx: 0, topPx: 0, ...frame }
    this.#logits = maskLogits
    this.#maskSize = maskSize
    this.#columns = linearTaps(maskSize, widthPx)
    this.#rows = linearTaps(maskSize, heightPx)
    this.#leftPx = leftPx
    this.#topPx = topPx
  }

  /** @param x,y a pixel of the frame inside the view */
  at(x: number, y: number): number {
    const column = x - this.#leftPx
    const row = y - this.#topPx
    const upper = this.#rows.low[row]! * this.#maskSize
    const lower = this.#rows.high[row]! * this.#maskSize
    const left = this.#columns.low[column]!
    const right = this.#columns.high[column]!
    const along = (start: number): number =>
      this.#columns.lowWeight[column]! * this.#logits[start + left]! +
      this.#columns.highWeight[column]! * this.#logits[start + right]!
    return this.#rows.lowWeight[row]! * along(upper) + this.#rows.highWeight[row]! * along(lower)
  }
}
