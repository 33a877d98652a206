import type { RunLengthMask } from '../../contract/mask.ts'
import { MaskSizeMismatchError } from './mask-errors.ts'
import { runLengthCounts, runLengthFromCounts } from './run-length-mask.ts'

// Bit n tells whether a pixel belongs to the result, n = 2 * (pixel of the first mask) + (pixel of the second).
const UNION = 0b1110
const INTERSECTION = 0b1000
const DIFFERENCE = 0b0100

/** Pixels of either mask. Throws MaskSizeMismatchError when the sizes differ. */
export function unionRunLength(first: RunLengthMask, second: RunLengthMask): RunLengthMask {
  return combine(first, second, UNION)
}

/** Pixels of both masks. Throws MaskSizeMismatchError when the sizes differ. */
export function intersectRunLength(first: RunLengthMask, second: RunLengthMask): RunLengthMask {
  return combine(first, second, INTERSECTION)
}

/** Pixels of the first mask that are not in the second. Throws MaskSizeMismatchError when the sizes differ. */
export function subtractRunLength(first: RunLengthMask, second: RunLengthMask): RunLengthMask {
  return combine(first, second, DIFFERENCE)
}

/**
 * Intersection over union of two masks, 0 to 1.
 * @param ofEmptyMasks the answer for two empty masks: 0 as pycocotools has it, 1 where agreeing on absence counts
 * @throws MaskSizeMismatchError when the sizes differ
 */
export function runLengthIou(first: RunLengthMask, second: RunLengthMask, ofEmptyMasks: 0 | 1): number {
  checkSameSize(first, second)
  let intersection = 0
  let union = 0
  walk(runLengthCounts(first), runLengthCounts(second), (length, which) => {
    if (which === 3) intersection += length
    if (which !== 0) union += length
  })
  return union === 0 ? ofEmptyMasks : intersection / union
}

function combine(first: RunLengthMask, second: RunLengthMask, members: number): RunLengthMask {
  checkSameSize(first, second)
  const a = runLengthCounts(first)
  const b = runLengthCounts(second)
  const counts = new Uint32Array(a.length + b.length + 1)
  let runs = 1
  walk(a, b, (length, which) => {
    const value = (members >> which) & 1
    if (value === (runs & 1)) runs++
    counts[runs - 1]! += length
  })
  return runLengthFromCounts(counts.subarray(0, runs), first.size[0], first.size[1])
}

/** Visits the stretches in which neither mask changes; `which` is 2 * (first mask's value) + (second mask's). */
function walk(a: Uint32Array, b: Uint32Array, visit: (length: number, which: number) => void): void {
  let i = 0
  let j = 0
  let leftA = a[0]!
  let leftB = b[0]!
  for (;;) {
    const step = leftA < leftB ? leftA : leftB
    if (step > 0) visit(step, ((i & 1) << 1) | (j & 1))
    leftA -= step
    leftB -= step
    // Both lists add up to the same number of pixels, so they end together.
    if (leftA === 0) {
      if (++i === a.length) return
      leftA = a[i]!
    }
    if (leftB === 0) {
      if (++j === b.length) return
      leftB = b[j]!
    }
  }
}

function checkSameSize(first: RunLengthMask, second: RunLengthMask): void {
  if (first.size[0] !== second.size[0] || first.size[1] !== second.size[1]) {
    throw new MaskSizeMismatchError(first.size, second.size)
  }
}
