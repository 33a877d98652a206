import type { SuspectReason } from '../../contract/tracking.ts'
import { isRunLengthEmpty } from '../masks/run-length-measures.ts'
import { LookAlikeWatch, suspectLookAlikes, withLookAlikes, type LookAlike } from './look-alikes.ts'
import type { ObjectMask, TrackedFrame } from './predictor-types.ts'
import type { Shots } from './shots.ts'
import { lostAtCut, SuspicionJudge, unsuspectedScores } from './suspicion.ts'

export interface JudgedMask extends ObjectMask {
  /** 0 trustworthy to 1 surely wrong. */
  readonly suspicion: number | null
  readonly suspectReasons: readonly SuspectReason[]
}

export interface JudgedFrame extends TrackedFrame {
  readonly masks: readonly JudgedMask[]
  /** Pairs that come together or change places on this frame. */
  readonly lookAlikes: readonly LookAlike[]
}

interface Followed {
  readonly judge: SuspicionJudge
  /** A shot has begun and it was not found since. */
  isSoughtSinceCut: boolean
}

/** Judges all masks of one walk, frame by frame in its direction, as the studio's runs do. */
export class WalkJudge {
  readonly #shots: Shots
  readonly #isPrompted: (objectId: number, frameIndex: number) => boolean
  readonly #objects = new Map<number, Followed>()
  readonly #watch = new LookAlikeWatch()
  #before: number | null = null

  /** @param isPrompted whether an object's frame stands for itself, because a person has said what is there */
  constructor(shots: Shots, isPrompted: (objectId: number, frameIndex: number) => boolean) {
    this.#shots = shots
    this.#isPrompted = isPrompted
  }

  /**
   * @param tracked what is given out
   * @param seen the same as it was found, before each pixel was given to one object
   */
  judge({ frameIndex, masks }: TrackedFrame, seen: TrackedFrame): JudgedFrame {
    if (this.#before !== null && !this.#shots.areInOne(this.#before, frameIndex)) this.#beginShot()
    this.#before = frameIndex
    const found = this.#watch.look(new Map(seen.masks.map(({ objectId, mask }) => [objectId, mask])))
    const lookAlikes = suspectLookAlikes(found)
    return {
      frameIndex,
      lookAlikes,
      masks: masks.map((mask) => this.#judgeMask(mask, frameIndex, lookAlikes)),
    }
  }

  #judgeMask(found: ObjectMask, frameIndex: number, lookAlikes: readonly LookAlike[]): JudgedMask {
    const { objectId, mask } = found
    const followed = this.#followed(objectId)
    if (this.#isPrompted(objectId, frameIndex)) {
      followed.isSoughtSinceCut = false
      followed.judge.follow(mask)
      return { ...found, ...judgement(unsuspectedScores(found)) }
    }
    const scores = followed.judge.judge(found)
    followed.isSoughtSinceCut &&= isRunLengthEmpty(mask)
    const judged = followed.isSoughtSinceCut ? lostAtCut(scores) : scores
    return { ...found, ...judgement(withLookAlikes(judged, objectId, lookAlikes)) }
  }

  #beginShot(): void {
    for (const followed of this.#objects.values()) {
      followed.isSoughtSinceCut = true
      followed.judge.follow(null)
    }
  }

  #followed(objectId: number): Followed {
    const known = this.#objects.get(objectId) ?? { judge: new SuspicionJudge(), isSoughtSinceCut: false }
    this.#objects.set(objectId, known)
    return known
  }
}

function judgement({ suspicion, suspectReasons }: Pick<JudgedMask, 'suspicion' | 'suspectReasons'>) {
  return { suspicion, suspectReasons }
}
