import type { ShotBoundary } from '../../contract/project.ts'
import { ShotDetector } from '../video/shot-detector.ts'
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
