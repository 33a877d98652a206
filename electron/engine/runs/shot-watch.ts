import type { ShotBoundary } from '../../contract/project.ts'
import { ShotDetector, shotLookBack } from '../video/shot-detector.ts'
import type { DecodedFrame } from '../video/video-source.ts'

type FoundShot = Pick<ShotBoundary, 'frameIndex' | 'kind' | 'confidence'>

/** A shot that is found so near to one that is known is the same. */
const sameWithinFrames = 12

/** The shots that a walk passes: those that are known, and those that it finds. */
export class ShotWatch {
  readonly #detector = new ShotDetector()
  readonly #known: Set<number>
  readonly #reverse: boolean

  /** @param known first frames of shots */
  constructor(known: readonly number[], reverse: boolean) {
    this.#known = new Set(known)
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
      if (frame !== null) this.#detector.add(frame)
    }
  }

  /** Looks at the walk's next frame. @returns a shot that nobody knew of; null mostly */
  look(frame: DecodedFrame): FoundShot | null {
    const shot = this.#detector.add(frame)
    if (shot === null) return null
    // Backwards the detector takes the last frame of the shot before for the first of the next.
    const frameIndex = this.#reverse ? shot.frameIndex + 1 : shot.frameIndex
    for (const known of this.#known) if (Math.abs(known - frameIndex) < sameWithinFrames) return null
    this.#known.add(frameIndex)
    return { ...shot, frameIndex }
  }

  /** Whether the walk comes into another shot with this frame. */
  beginsAt(frameIndex: number): boolean {
    return this.#known.has(this.#reverse ? frameIndex + 1 : frameIndex)
  }
}
