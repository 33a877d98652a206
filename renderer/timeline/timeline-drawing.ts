import type { Markers, PresenceRange, ShotBoundary } from '../../electron/contract/project.ts'
import type { LaneSpan, Quality } from '../../electron/contract/timeline.ts'
import type { FilmSlot } from './film-slots.ts'
import type { TimeScale } from './time-scale.ts'
import type { TimelineLayout } from './timeline-layout.ts'
import type { TimelineTheme } from './timeline-theme.ts'

/** One object's lane. */
export interface LaneDrawing {
  readonly objectId: number
  readonly colour: string
  readonly isSelected: boolean
  readonly isShown: boolean
  readonly spans: readonly LaneSpan[]
  readonly keyframes: readonly number[]
  /** What the person said, in frame order. */
  readonly presence: readonly PresenceRange[]
}

/** A picture of the filmstrip and how wide its pixels are. */
export interface SlotPicture {
  readonly bitmap: ImageBitmap
  readonly pixelAspectRatio: number
}

/** All that the lower canvas shows. The playhead moves on another one above it. */
export interface TimelineDrawing {
  readonly layout: TimelineLayout
  readonly scale: TimeScale
  readonly frameCount: number
  readonly theme: TimelineTheme
  readonly pixelRatio: number
  readonly lanes: readonly LaneDrawing[]
  readonly markers: Markers
  readonly shots: readonly ShotBoundary[]
  readonly slots: readonly FilmSlot[]
  pictureOf(slot: FilmSlot): SlotPicture | null
  /** Of the selected object. */
  readonly quality: { readonly first: number; readonly columns: Quality } | null
  readonly suspicionThreshold: number
}

export type Context = CanvasRenderingContext2D
