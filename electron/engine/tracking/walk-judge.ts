import type { SuspectReason } from '../../contract/tracking.ts'
import { isRunLengthEmpty } from '../masks/run-length-measures.ts'
import { LookAlikeWatch, suspectLookAlikes, withLookAlikes, type LookAlike } from './look-alikes.ts'
import type { ObjectMask, TrackedFrame } from './predictor-types.ts'
import type { Shots } from './shots.ts'
import { lostAtCut, SuspicionJudge, unsuspectedScores } from './suspicion.ts'

/** An object's mask on a frame, and how far it is to be trusted. */
export interface SuspectedMask extends ObjectMask {
  /** 0 trustworthy to 1 surely wrong. */
  readonly suspicion: number | null
  readonly suspectReasons: readonly SuspectReason[]
}

export interface JudgedFrame extends TrackedFrame {
  readonly masks: readonly SuspectedMask[]
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
  #knownShots = 0

  /** @param isPrompted whether an object's frame stands for itself, because a person has said what is there */
  constructor(shots: Shots, isPrompted: (objectId: number, frameIndex: number) => boolean) {
    this.#shots = shots
    this.#isPrompted = isPrompted
  }

  /**
   * @param tracked what is given out
   * @param seen the same objects in the same order as they were found, before each pixel was given to one; they are judged
   */
  judge({ frameIndex, masks }: TrackedFrame, seen: TrackedFrame): JudgedFrame {
    if (this.#isNewShot(frameIndex)) this.#beginShot()
    this.#before = frameIndex
    const found = this.#watch.look(new Map(seen.masks.map(({ objectId, mask }) => [objectId, mask])))
    const lookAlikes = suspectLookAlikes(found)
    return {
      frameIndex,
      lookAlikes,
      masks: seen.masks.map((found, place) => ({
        ...this.#judgeMask(found, frameIndex, lookAlikes),
        mask: masks[place]!.mask,
      })),
    }
  }

  /** Also where a shot has become known that began some frames before, as a dissolve does. */
  #isNewShot(frameIndex: number): boolean {
    const known = this.#shots.starts.length
    const isTold = known > this.#knownShots
    this.#knownShots = known
    return this.#before !== null && (isTold || !this.#shots.areInOne(this.#before, frameIndex))
  }

  #judgeMask(found: ObjectMask, frameIndex: number, lookAlikes: readonly LookAlike[]): SuspectedMask {
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

function judgement({ suspicion, suspectReasons }: Pick<SuspectedMask, 'suspicion' | 'suspectReasons'>) {
  return { suspicion, suspectReasons }
}
