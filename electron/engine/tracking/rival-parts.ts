import {
  connectedComponents,
  visitComponentRuns,
  type ConnectedComponents,
} from '../masks/connected-components.ts'
import { dilateByDisc } from '../masks/disc-morphology.ts'

/** A part of a mask goes on from the object where more than this share of it lies where the object was just before. */
const goesOnFrom = 0.5
/** Smaller than this share of the object, a part is no rival but a crumb or a limb. */
const leastShare = 0.1
/** Beside a rival the object's outline moves by at most this from frame to frame, in square roots of its area. */
const reach = 0.2
/** It grows, and does not move, as long as so much of where it was is still in the mask. */
const staysFrom = 0.8

/**
 * Takes out of a mask what lies apart from the object and was not there on the frame before: a look-alike that comes
 * near is taken into the mask as a part of its own before it touches the object. The part that goes on from the object
 * stays in any case; so does everything where nothing goes on from it.
 * @param maskLogits [S/4, S/4]
 * @param before the object's newest mask in the same view, 1 for foreground, [S/4, S/4]
 * @returns logits in which the rival is as surely background as it was foreground
 */
export function withoutRival(
  maskLogits: Float32Array,
  before: Uint8Array,
  maskSize: number,
): { readonly maskLogits: Float32Array; readonly hasRival: boolean } {
  const parts = partsOf(maskLogits, maskSize)
  const overlaps = overlapsOf(parts, before, maskSize)
  const main = overlaps.indexOf(Math.max(...overlaps))
  const isRival = (part: number): boolean =>
    part !== main &&
    parts.areas[part]! >= leastShare * parts.areas[main]! &&
    overlaps[part]! <= goesOnFrom * parts.areas[part]!
  const hasRival = parts.areas.some((_, part) => isRival(part))
  if (!hasRival || overlaps[main] === 0) return { maskLogits, hasRival: false }
  const kept = Float32Array.from(maskLogits)
  visitComponentRuns(parts, isRival, maskSize, (begin, end) => {
    for (let cell = begin; cell < end; cell++) kept[cell]! *= -1
  })
  return { maskLogits: kept, hasRival }
}

/**
 * Takes out of a mask what is too far from where the object was to be its own movement, while it also stays where it
 * was: where a rival touches the object, the mask flows over to it. For frames on which a rival is known to be near.
 * @param before as in `withoutRival`
 */
export function withinReach(maskLogits: Float32Array, before: Uint8Array, maskSize: number): Float32Array {
  let area = 0
  let stayed = 0
  for (const [cell, value] of before.entries()) {
    area += value
    if (value === 1 && maskLogits[cell]! > 0) stayed++
  }
  if (stayed === 0 || stayed < staysFrom * area) return maskLogits
  const radius = Math.max(reach * Math.sqrt(area), 1)
  const near = dilateByDisc({ widthPx: maskSize, heightPx: maskSize, data: before }, radius).data
  return maskLogits.map((logit, cell) => (logit > 0 && near[cell] === 0 ? -logit : logit))
}

function partsOf(maskLogits: Float32Array, maskSize: number): ConnectedComponents {
  const data = Uint8Array.from(maskLogits, (logit) => (logit > 0 ? 1 : 0))
  return connectedComponents({ widthPx: maskSize, heightPx: maskSize, data }, 1, 8)
}

/** Cells of each part that were the object's before. */
function overlapsOf(parts: ConnectedComponents, before: Uint8Array, maskSize: number): Uint32Array {
  const { runs, componentOfRun } = parts
  const overlaps = new Uint32Array(parts.count)
  for (let y = 0; y < maskSize; y++) {
    for (let run = runs.firstOfRow[y]!; run < runs.firstOfRow[y + 1]!; run++) {
      for (let x = runs.begins[run]!; x < runs.ends[run]!; x++)
        overlaps[componentOfRun[run]!]! += before[y * maskSize + x]!
    }
  }
  return overlaps
}
