import type { PixelBox } from '../masks/run-length-measures.ts'
import type { FrameSize } from './follow-zoom.ts'
import type { PointInputs } from './object-track.ts'

/** Points in source pixels as the model sees them in a view (null: the whole frame) of its picture's side. */
export function pointsInView(
  { coordinates, labels }: PointInputs,
  view: PixelBox | null,
  frame: FrameSize,
  modelSizePx: number,
): { coordinates: Float32Array; labels: readonly number[] } {
  const { leftPx, topPx, widthPx, heightPx } = view ?? { leftPx: 0, topPx: 0, ...frame }
  const scaled = coordinates.map((value, index) =>
    index % 2 === 0
      ? Math.fround((value - leftPx) / widthPx) * modelSizePx
      : Math.fround((value - topPx) / heightPx) * modelSizePx,
  )
  return { coordinates: scaled, labels }
}

/** Mask logits of the whole frame, [s, s], as they are in a view of it, [s, s]: bilinear, borders repeated. */
export function logitsInView(
  logits: Float32Array,
  maskSize: number,
  view: PixelBox,
  frame: FrameSize,
): Float32Array {
  const columns = placesAlong(view.leftPx, view.widthPx, frame.widthPx, maskSize)
  const rows = placesAlong(view.topPx, view.heightPx, frame.heightPx, maskSize)
  return Float32Array.from({ length: maskSize * maskSize }, (_, cell) => {
    const across = columns[cell % maskSize]!
    const down = rows[Math.floor(cell / maskSize)]!
    const upper = down.low * maskSize
    const lower = down.high * maskSize
    const above = mix(logits[upper + across.low]!, logits[upper + across.high]!, across.part)
    const below = mix(logits[lower + across.low]!, logits[lower + across.high]!, across.part)
    return mix(above, below, down.part)
  })
}

function placesAlong(startPx: number, lengthPx: number, frameLengthPx: number, maskSize: number) {
  return Array.from({ length: maskSize }, (_, cell) => {
    const sourcePx = startPx + ((cell + 0.5) * lengthPx) / maskSize
    const place = Math.min(Math.max((sourcePx * maskSize) / frameLengthPx - 0.5, 0), maskSize - 1)
    const low = Math.floor(place)
    return { low, high: Math.min(low + 1, maskSize - 1), part: place - low }
  })
}

function mix(first: number, second: number, part: number): number {
  return first + (second - first) * part
}
