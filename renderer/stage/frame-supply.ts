import { frameUrl } from '../../electron/contract/frame-url.ts'
import type { Video } from '../../electron/contract/project.ts'
import type { PictureCache } from './picture-cache.ts'
import type { PictureSupply } from './playback-run.ts'

/** How large the picture is shown, so in which size it is worth fetching. */
export interface ShownSize {
  /** Device pixels that the whole picture is wide. */
  readonly deviceWidthPx: number
  /** Device pixels per source pixel. */
  readonly zoom: number
}

type Format = 'png' | 'jpeg'

const PREVIEW_WIDTHS_PX = [480, 640, 960, 1280, 1600, 1920, 2560, 3840]
/** Larger pictures come at the size of the stage while they are seen whole. */
const ALWAYS_WHOLE_PX = 2_300_000
const WIDEST_PLAYING_PX = 1_280
/** Frames that a step forward would show; decoding reads on to them for little. */
const NEXT = [1, 2]
/** For a step back, decoding has to start anew. */
const PREVIOUS = [-1, -2]

/**
 * Addresses of the frames of one video in the sizes that the stage needs: exact when resting, quick ones while frames
 * change.
 */
export class FrameSupply implements PictureSupply {
  private readonly video: Video
  private readonly cache: PictureCache<ImageBitmap>
  private readonly toAddress: (path: string) => string
  private isMoving = false
  private size: ShownSize = { deviceWidthPx: 1280, zoom: 1 }

  /** @param toAddress makes an address of the page's host from a path */
  constructor(video: Video, cache: PictureCache<ImageBitmap>, toAddress: (path: string) => string) {
    this.video = video
    this.cache = cache
    this.toAddress = toAddress
  }

  setSize(size: ShownSize): void {
    this.size = size
  }

  /** The best picture of a frame that is here. */
  pictureOf(frameIndex: number): ImageBitmap | null {
    const address = this.bestAddress(frameIndex)
    return address === null ? null : this.cache.get(address)
  }

  /** The best picture of a frame is on the stage and must stay. */
  hold(frameIndex: number): void {
    this.cache.pin(this.bestAddress(frameIndex))
  }

  has(frameIndex: number): boolean {
    return this.bestAddress(frameIndex) !== null
  }

  lost(frameIndex: number): boolean {
    return this.cache.failed(this.movingAddress(frameIndex)) && !this.has(frameIndex)
  }

  /** Whether the frame could not be had, not even in another size. */
  failed(frameIndex: number): boolean {
    return this.cache.failed(this.restingAddress(frameIndex)) && !this.has(frameIndex)
  }

  /**
   * Asks for the exact picture and those after it.
   * @param andBefore those before it, too: for when one has stayed for a while
   */
  wantResting(frameIndex: number, andBefore = false): void {
    this.isMoving = false
    const near = [...NEXT, ...(andBefore ? PREVIOUS : [])]
      .map((offset) => frameIndex + offset)
      .filter((frame) => frame >= 0 && frame < this.video.frameCount)
    this.cache.want(
      [frameIndex, ...near].map((frame) => this.restingAddress(frame)),
      true,
    )
  }

  /**
   * Asks for a quick picture, and for nothing else: the next frame is about to be wanted. The one under way is let
   * come, since breaking it off would stop the decoder just before the place where it is needed next.
   */
  wantMoving(frameIndex: number): void {
    const begins = !this.isMoving
    this.isMoving = true
    this.cache.want([this.movingAddress(frameIndex)], begins, 1)
  }

  want(frameIndexes: readonly number[]): void {
    const missing = frameIndexes.map((frame) => this.bestAddress(frame) ?? this.movingAddress(frame))
    this.cache.want(missing, false)
  }

  deliveredPerSecond(): number | null {
    return this.cache.deliveredPerSecond()
  }

  private bestAddress(frameIndex: number): string | null {
    const first = [this.restingAddress(frameIndex), this.movingAddress(frameIndex)]
    const found = first.find((address) => this.cache.has(address))
    if (found !== undefined) return found
    // Pictures from before a change of size are better than none.
    for (const widthPx of [null, ...PREVIEW_WIDTHS_PX.toReversed()]) {
      for (const format of ['png', 'jpeg'] as const) {
        const address = this.address(frameIndex, widthPx, format)
        if (this.cache.has(address)) return address
      }
    }
    return null
  }

  private restingAddress(frameIndex: number): string {
    const { widthPx, heightPx } = this.video
    const whole = widthPx * heightPx <= ALWAYS_WHOLE_PX || this.size.zoom >= 1
    return this.address(frameIndex, whole ? null : this.previewWidth(this.size.deviceWidthPx), 'png')
  }

  private movingAddress(frameIndex: number): string {
    const wanted = Math.min(this.size.deviceWidthPx, WIDEST_PLAYING_PX)
    return this.address(frameIndex, this.previewWidth(wanted), 'jpeg')
  }

  /** The next of a few widths, so that a small change of size asks for nothing new; null is the source's own. */
  private previewWidth(deviceWidthPx: number): number | null {
    const width = PREVIEW_WIDTHS_PX.find((candidate) => candidate >= deviceWidthPx) ?? Infinity
    return width < this.video.widthPx ? width : null
  }

  private address(frameIndex: number, widthPx: number | null, format: Format): string {
    const { id, contentId } = this.video
    return this.toAddress(frameUrl({ videoId: id, frameIndex, widthPx, contentId, format }))
  }
}
