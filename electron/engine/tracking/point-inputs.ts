import { pointLabels } from '../../../models/sam2/prompt-encoder.ts'
import type { PointInputs } from './object-track.ts'
import type { BoxPrompt, PointPrompt } from './predictor-types.ts'

/** Points and the corners of a box as the prompt encoder takes them, behind those of the same frame that stay. */
export function pointInputsOf(
  points: readonly PointPrompt[],
  box: BoxPrompt | undefined,
  earlier: PointInputs | undefined,
): PointInputs {
  const corners = box
    ? [
        { x: box[0], y: box[1], label: pointLabels.boxTopLeft },
        { x: box[2], y: box[3], label: pointLabels.boxBottomRight },
      ]
    : []
  const added = [...corners, ...points]
  return {
    coordinates: Float32Array.from([...(earlier?.coordinates ?? []), ...added.flatMap(({ x, y }) => [x, y])]),
    labels: [...(earlier?.labels ?? []), ...added.map(({ label }) => label)],
  }
}
