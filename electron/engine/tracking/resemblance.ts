import type { PixelBox } from '../masks/run-length-measures.ts'
import type { FrameRecord } from './frame-record.ts'
import type { FrameSize } from './follow-zoom.ts'
import type { Likeness } from './presence-judge.ts'
import type { Shots } from './shots.ts'
import type { Known } from './walked-frames.ts'

/** A look is what tells a thing from what is around it, so that looks compare in views of about one size alone. */
const sizesWithin = 1.6

/** What slides over an object changes its look within so many frames; the object itself takes longer. */
const lastingFrames = 5

/**
 * How much what was found on a frame looks like the object.
 * @param found `contrastForeground` of what was found, [d], and the view it was found in
 */
export function likenessTo(
  { conditioning, tracked }: Known,
  frameIndex: number,
  found: Pick<FrameRecord, 'appearance' | 'view'>,
  shots: Shots,
  frame: FrameSize,
): Likeness {
  const examples = [...conditioning, ...tracked]
  const lasting = examples.filter(
    ([index]) => Math.abs(index - frameIndex) >= lastingFrames && shots.areInOne(index, frameIndex),
  )
  return { likeness: likest(found, examples, frame), lastingLikeness: likest(found, lasting, frame) }
}

function likest(
  { appearance, view }: Pick<FrameRecord, 'appearance' | 'view'>,
  examples: readonly (readonly [number, FrameRecord])[],
  frame: FrameSize,
): number | null {
  const widthOf = (other: PixelBox | null): number => other?.widthPx ?? frame.widthPx
  let most: number | null = null
  for (const [, example] of examples) {
    if (appearance === null || !example.isExample || example.appearance === null) continue
    const ratio = widthOf(example.view) / widthOf(view)
    if (ratio > sizesWithin || ratio < 1 / sizesWithin) continue
    most = Math.max(most ?? -1, cosine(appearance, example.appearance))
  }
  return most
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
