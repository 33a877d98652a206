import type { OverlayWish, PaintedOverlay } from './overlay-painter.ts'

/** An overlay to be painted; `key` is equal for equal ones. */
export interface KeyedWish {
  readonly key: string
  readonly wish: OverlayWish
}

/** What a presenter works with. Frames are those of one video; `reset` comes before another one's. */
export interface PresenterParts<Picture> {
  /** The best picture of a frame that is here now. */
  pictureOf(frameIndex: number): Picture | null
  /** The overlay of a frame as it should look now; null when there is nothing to draw. */
  overlayOf(frameIndex: number): KeyedWish | null
  /** Asks for an overlay, which comes back by `painted`. */
  paint(wish: KeyedWish): void
  /** Puts picture and overlay of a frame on the stage, both at once. */
  present(frameIndex: number, picture: Picture, overlay: PaintedOverlay | null): void
  /** Another picture or overlay of the frame that is on the stage. */
  setPicture(frameIndex: number, picture: Picture): void
  setOverlay(overlay: PaintedOverlay | null): void
}

/** A picture whose masks are not drawn by then comes without them. */
const PATIENCE_MS = 90

/**
 * Sees to it that picture and masks on the stage always belong to the same frame, and that the stage knows which one
 * that is: a frame is shown only when its picture is there, together with its masks.
 */
export class FramePresenter<Picture> {
  private readonly parts: PresenterParts<Picture>
  private shown: number | null = null
  private wanted: number | null = null
  /** Frames wanted since the last one that came onto the stage, newest last. */
  private expected: number[] = []
  private timer: ReturnType<typeof setTimeout> | undefined

  constructor(parts: PresenterParts<Picture>) {
    this.parts = parts
  }

  /** Nothing is on the stage any more. */
  reset(): void {
    clearTimeout(this.timer)
    this.timer = undefined
    this.shown = null
    this.wanted = null
    this.expected = []
  }

  /** The frame to bring onto the stage. */
  want(frameIndex: number): void {
    if (frameIndex !== this.wanted) {
      this.wanted = frameIndex
      // Back to what is shown: nothing that was asked for on the way may come after it.
      this.expected = frameIndex === this.shown ? [] : [...this.expected, frameIndex]
    }
    this.refresh()
  }

  /** To be called when pictures, masks or the way they are looked at changed. */
  refresh(): void {
    const { wanted, shown, parts } = this
    if (shown !== null) {
      const picture = parts.pictureOf(shown)
      if (picture !== null) parts.setPicture(shown, picture)
      if (wanted === shown || wanted === null) {
        this.askOverlay(shown)
        return
      }
    }
    if (wanted !== null) this.approach(wanted)
  }

  private approach(wanted: number): void {
    const { parts } = this
    if (parts.pictureOf(wanted) === null) return
    const overlay = parts.overlayOf(wanted)
    if (overlay === null) {
      this.present(wanted, null)
      return
    }
    this.timer ??= setTimeout(() => {
      this.timer = undefined
      if (this.wanted !== null && this.wanted !== this.shown) this.present(this.wanted, null)
    }, PATIENCE_MS)
    parts.paint(overlay)
  }

  /** An overlay came. */
  painted(overlay: PaintedOverlay): void {
    const { frameIndex } = overlay.job
    if (frameIndex === this.shown) this.parts.setOverlay(overlay)
    else if (this.expected.includes(frameIndex)) this.present(frameIndex, overlay)
  }

  private askOverlay(frameIndex: number): void {
    const overlay = this.parts.overlayOf(frameIndex)
    if (overlay === null) this.parts.setOverlay(null)
    else this.parts.paint(overlay)
  }

  private present(frameIndex: number, overlay: PaintedOverlay | null): void {
    const picture = this.parts.pictureOf(frameIndex)
    if (picture === null) return
    clearTimeout(this.timer)
    this.timer = undefined
    this.expected = this.expected.slice(this.expected.lastIndexOf(frameIndex) + 1)
    this.shown = frameIndex
    this.parts.present(frameIndex, picture, overlay)
    if (this.wanted !== null && this.wanted !== frameIndex) this.approach(this.wanted)
  }
}
