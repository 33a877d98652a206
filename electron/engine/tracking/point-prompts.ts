import type { RunLengthMask } from '../../contract/mask.ts'
import { resizeMaskAntialiased } from '../masks/resize-antialiased.ts'
import { croppedRunLength } from '../masks/run-length-crop.ts'
import { decodeRunLength } from '../masks/run-length-mask.ts'
import type { PixelBox } from '../masks/run-length-measures.ts'
import type { PointInputs } from './object-track.ts'
import { pointInputsOf } from './point-inputs.ts'
import { givenLogit } from './prompt-answers.ts'
import type { FramePrompts, TrackedVideo } from './tracker-protocol.ts'

export type PointPrompts = Extract<FramePrompts, { kind: 'points' }>

/**
 * A mask of the frame as logits of what the model sees in a view, [s, s]; null for an empty one: that the object was lost
 * says nothing of where it is.
 */
export function baseLogits(
  base: RunLengthMask,
  maskSize: number,
  view: PixelBox | null,
): Float32Array | null {
  const part = view === null ? base : croppedRunLength(base, view)
  const fractions = resizeMaskAntialiased(decodeRunLength(part), maskSize, maskSize)
  return fractions.some((fraction) => fraction > 0)
    ? fractions.map((fraction) => (2 * fraction - 1) * givenLogit)
    : null
}

/** While it is dragged a point may leave the picture; it counts where it left. */
export function insideFrame(prompts: PointPrompts, { widthPx, heightPx }: TrackedVideo): PointPrompts {
  const x = (value: number): number => Math.min(Math.max(value, 0), widthPx)
  const y = (value: number): number => Math.min(Math.max(value, 0), heightPx)
  const { box } = prompts
  return {
    ...prompts,
    points: prompts.points.map((point) => ({ x: x(point.x), y: y(point.y), label: point.label })),
    box: box && { left: x(box.left), top: y(box.top), right: x(box.right), bottom: y(box.bottom) },
  }
}

/** In source pixels. */
export function inputsOf({ points, box }: PointPrompts): PointInputs {
  return pointInputsOf(
    points,
    box === null ? undefined : [box.left, box.top, box.right, box.bottom],
    undefined,
  )
}
