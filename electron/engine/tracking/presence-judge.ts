import type { ChosenMask } from '../../../models/sam2/mask-choice.ts'

/** `doubtful`: the mask may be right, but it is no example of how the object looks. */
export type Verdict = 'seen' | 'doubtful' | 'absent'

/** Shares of the object's own usual predicted IoU. */
const seenFrom = 0.7
const absentBelow = 0.4
/** An object that was gone has to be this sure to be back. */
const backFrom = 0.7
/** How fast the usual value follows what is seen. */
const followed = 0.1
/** Frames without a clear view follow slowly, so that a lasting change is accepted in the end. */
const followedInDoubt = 0.02

/**
 * Tells from the predicted IoU whether an object is seen. How high it is for a good mask differs from model to model
 * and from object to object, so it is held against the object's own; the presence score of a small model hardly tells
 * absent from present.
 */
export class PresenceJudge {
  #usual: number | null = null
  #isGone = false

  /** Whether the object was absent on the newest frame. */
  get isGone(): boolean {
    return this.#isGone
  }

  /** The object has to be found again: a new shot begins. */
  lose(): void {
    this.#isGone = true
  }

  judge({ objectScore, predictedIou, maskLogits }: ChosenMask): Verdict {
    if (objectScore <= 0 || !maskLogits.some((logit) => logit > 0)) {
      this.#isGone = true
      return 'absent'
    }
    this.#usual ??= predictedIou
    const share = predictedIou / Math.max(this.#usual, Number.EPSILON)
    if (share < (this.#isGone ? backFrom : absentBelow)) {
      this.#isGone = true
      return 'absent'
    }
    this.#isGone = false
    const verdict = share >= seenFrom ? 'seen' : 'doubtful'
    const pace = verdict === 'seen' ? followed : followedInDoubt
    this.#usual += pace * (predictedIou - this.#usual)
    return verdict
  }
}
