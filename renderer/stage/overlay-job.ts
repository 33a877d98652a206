import type { RunLengthMask } from '../../electron/contract/mask.ts'
import type { Colour } from './composite-masks.ts'
import type { ViewTransform } from './view-transform.ts'

/** One object's mask on the stage and how it looks. */
export interface OverlayMask {
  readonly mask: RunLengthMask
  readonly colour: Colour
  readonly fillOpacity: number
  /** `dashed` is for masks from before the last correction, `preview` for one that is not there yet. */
  readonly outline: 'none' | 'plain' | 'strong' | 'dashed' | 'preview'
}

/** A picture of all masks as seen through a stage, in device pixels. */
export interface OverlayJob {
  readonly id: number
  readonly videoId: number
  readonly frameIndex: number
  readonly masks: readonly OverlayMask[]
  /** Stage in CSS pixels. */
  readonly transform: ViewTransform
  readonly widthPx: number
  readonly heightPx: number
  readonly pixelRatio: number
}

/** `picture` is null when the masks could not be drawn. */
export interface OverlayAnswer {
  readonly id: number
  readonly picture: ImageBitmap | null
}
