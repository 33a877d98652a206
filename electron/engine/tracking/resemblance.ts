import type { PixelBox } from '../masks/run-length-measures.ts'
import type { FrameRecord } from './frame-record.ts'
import type { FrameSize } from './follow-zoom.ts'

/** A look is what tells a thing from what is around it, so that looks compare in views of about one size alone. */
const sizesWithin = 1.6

/**
 * How much something looks like the object, -1 to 1: the cosine to the likest of the frames that show it well in a view of
 * about the same size; null where there is none.
 * @param found `contrastForeground` of what was found, [d], and the view it was found in
 */
export function resemblance(
  found: { readonly appearance: Float32Array; readonly view: PixelBox | null },
  examples: Iterable<FrameRecord>,
  frame: FrameSize,
): number | null {
  const widthOf = (view: PixelBox | null): number => view?.widthPx ?? frame.widthPx
  const { appearance, view } = found
  let likest: number | null = null
  for (const example of examples) {
    if (!example.isExample || example.appearance === null) continue
    const ratio = widthOf(example.view) / widthOf(view)
    if (ratio > sizesWithin || ratio < 1 / sizesWithin) continue
    likest = Math.max(likest ?? -1, cosine(appearance, example.appearance))
  }
  return likest
}

/** Cosine of the angle between two vectors, -1 to 1. */
export function cosine(first: Float32Array, second: Float32Array): number {
  let product = 0
  let firstSquare = 0
  let secondSquare = 0
  for (const [channel, value] of first.entries()) {
    product += value * second[channel]!
    firstSquare += value ** 2
    secondSquare += second[channel]! ** 2
  }
  return product / Math.max(Math.sqrt(firstSquare * secondSquare), Number.EPSILON)
}
