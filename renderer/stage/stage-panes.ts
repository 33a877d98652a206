import type { View } from '../../electron/contract/project.ts'
import type { Viewport } from './view-transform.ts'

export type StageMode = View['mode']

/** A part of the stage that shows the picture, with its left edge on the stage. */
export interface StagePane extends Viewport {
  readonly x: number
}

const BETWEEN_PX = 1

/** One pane, or two beside each other; prompts are drawn in the last one. */
export function stagePanes(stage: Viewport, mode: StageMode): StagePane[] {
  if (mode !== 'sideBySide') return [{ ...stage, x: 0 }]
  const widthPx = Math.max(1, Math.floor((stage.widthPx - BETWEEN_PX) / 2))
  return [
    { ...stage, widthPx, x: 0 },
    { ...stage, widthPx, x: widthPx + BETWEEN_PX },
  ]
}

/** Left edge of the pane that holds a place; both panes show the same picture. */
export function paneLeft(stage: Viewport, mode: StageMode, x: number): number {
  return stagePanes(stage, mode).findLast((pane) => x >= pane.x)?.x ?? 0
}
