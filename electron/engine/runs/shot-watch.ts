import type { ShotBoundary } from '../../contract/project.ts'
import { ShotDetector, shortestShot, shotLookBack, type FoundShot } from '../video/shot-detector.ts'
import type { DecodedFrame } from '../video/video-source.ts'

export type NewShot = Pick<ShotBoundary, 'frameIndex' | 'kind' | 'confidence'>
type KnownShot = Pick<ShotBoundary, 'frameIndex' | 'kind' | 'source'>

/** A fade is found elsewhere from its other side, and a person may put a shot beside where it is found. */
const sameWithinFrames = 12

/** The shots that a walk passes: those that are known, and those that it finds. */
export class ShotWatch {
  readonly #detector = new ShotDetector()
  readonly #known: KnownShot[]
  readonly #reverse: boolean

  /** @param known shots of the video */
  constructor(known: readonly KnownShot[], reverse: boolean) {
    this.#known = [...known]
    this.#reverse = reverse
  }

  /**
   * Looks at what lies before a walk's first frame, so that shots are found there as on the way through the whole video.
   * @param pictureAt gives the frames in the order of the walk; null for one that cannot be had
   */
  async lookBack(
    first: number,
    frameCount: number,
    pictureAt: (frameIndex: number) => Promise<DecodedFrame | null>,
  ): Promise<void> {
    const before = this.#reverse ? frameCount - 1 - first : first
    for (let distance = Math.min(before, shotLookBack); distance > 0; distance--) {
      const frame = await pictureAt(this.#reverse ? first + distance : first - distance)
      if (frame !== null) this.#find(frame)
    }
  }

  /** Looks at the walk's next frame. @returns a shot that nobody knew of; null mostly */
  look(frame: DecodedFrame): NewShot | null {
    const found = this.#find(frame)
    if (found === null || this.#known.some((known) => isSame(known, found, this.#reverse))) return null
    const { frameIndex, kind, confidence } = found
    return { frameIndex, kind, confidence }
  }

  /** Takes up a shot that was found. */
  add({ frameIndex, kind }: NewShot): void {
    this.#known.push({ frameIndex, kind, source: 'detected' })
  }

  /** Whether the walk comes into another shot with this frame. */
  beginsAt(frameIndex: number): boolean {
    const first = this.#reverse ? frameIndex + 1 : frameIndex
    return this.#known.some((known) => known.frameIndex === first)
  }

  #find(frame: DecodedFrame): FoundShot | null {
    const shot = this.#detector.add(frame)
    if (shot === null) return null
    // Backwards the detector takes the last frame of the shot before for the first of the next.
    const found = this.#reverse ? { ...shot, frameIndex: shot.frameIndex + 1 } : shot
    // One that a person put where it is found stands for no other.
    const place = this.#known.findIndex(({ frameIndex }) => frameIndex === found.frameIndex)
    if (place >= 0) this.#known[place] = { ...found, source: 'detected' }
    return found
  }
}

/**
 * Whether what was found is a shot that is known. Two cuts that were both found are one only where no shot fits between.
 * A walk finds a fade where it comes into it, so one that was found from its other side lies ahead: as far as the fade
 * that was seen here goes, and as that one went, whose length is about the same.
 */
function isSame(known: KnownShot, found: FoundShot, reverse: boolean): boolean {
  const isExact = known.source === 'detected' && known.kind === 'cut' && found.kind === 'cut'
  const ahead = (known.frameIndex - found.frameIndex) * (reverse ? -1 : 1)
  if (found.kind === 'fade' && known.kind === 'fade' && ahead > 0 && ahead <= 2 * found.frames) return true
  return Math.abs(ahead) < (isExact ? Math.max(shortestShot, found.frames + 1) : sameWithinFrames)
}
