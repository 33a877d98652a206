import type { Quality } from '../../electron/contract/timeline.ts'
import { frameToX, type TimeScale } from './time-scale.ts'

/** A piece of the quality line: x and y of one corner after the other. */
export interface QualityPiece {
  readonly isSuspect: boolean
  readonly points: readonly number[]
}

/** Predicted IoU at the foot of the strip; below it nobody needs to tell values apart. */
const LOWEST_IOU = 0.4

/**
 * The quality strip as lines: broken where nothing was scored, suspect where the suspicion is above the threshold.
 * Suspect pieces reach to their neighbours, so that a single frame can be seen.
 * @param first frame at which the first column begins
 * @param heightPx y 0 is an IoU of 1, y heightPx one of 0.4 or less
 */
export function qualityPieces(
  quality: Quality,
  first: number,
  scale: TimeScale,
  heightPx: number,
  suspicionThreshold: number,
): QualityPiece[] {
  const pieces: { isSuspect: boolean; points: number[] }[] = []
  let piece: { isSuspect: boolean; points: number[] } | null = null
  let before: { x: number; y: number; isSuspect: boolean } | null = null
  for (let column = 0; column < quality.predictedIou.length; column++) {
    const iou = quality.predictedIou[column] ?? null
    const start = first + column * quality.framesPerBucket
    const x = frameToX(scale, start + quality.framesPerBucket / 2)
    if (iou === null || x < -scale.widthPx || x > 2 * scale.widthPx) {
      piece = null
      before = null
      continue
    }
    const y = (1 - Math.max(0, (iou - LOWEST_IOU) / (1 - LOWEST_IOU))) * heightPx
    const isSuspect = (quality.suspicion[column] ?? 0) > suspicionThreshold
    if (before === null) {
      // A lone column is a short line, not nothing.
      const half = Math.max(0.75, (quality.framesPerBucket / 2) * scale.pxPerFrame)
      piece = { isSuspect, points: [x - half, y, x, y] }
      pieces.push(piece)
    } else {
      const pieceIsSuspect: boolean = isSuspect || before.isSuspect
      if (piece === null || piece.isSuspect !== pieceIsSuspect) {
        piece = { isSuspect: pieceIsSuspect, points: [before.x, before.y] }
        pieces.push(piece)
      }
      piece.points.push(x, y)
    }
    before = { x, y, isSuspect }
  }
  return pieces
}
