import type { RunLengthMask } from '../../contract/mask.ts'
import type { MaskScores } from '../../contract/tracking.ts'
import { runLengthIou } from '../masks/run-length-sets.ts'
import { emptyRunLength } from '../masks/run-length-mask.ts'
import { isRunLengthEmpty } from '../masks/run-length-measures.ts'
import { NO_SCORES } from '../project/edits/mask-edits.ts'
import { readStoredMask } from '../project/mask-reader.ts'
import type { ProjectStore } from '../project/project-store.ts'
import { Shots } from '../tracking/shots.ts'
import { lostAtCut, SuspicionJudge } from '../tracking/suspicion.ts'
import type { FramePrompts, ScoredMask, TrackedVideo } from '../tracking/tracker-protocol.ts'
import type { TrackingOptions } from '../tracking/tracking-options.ts'
import { framesToRecall, replayWalk } from '../tracking/walk-replay.ts'
import type { RunAsk } from './run-ask.ts'
import { closestFrames } from './closest-frames.ts'
import { passedFrames } from './passed-frames.ts'
import { keyframesOf } from './run-plan.ts'
import { isSaidAbsent, storedMaskAt } from './stored-mask.ts'
import { conditioningPrompts } from './stored-memory.ts'

/** Frames tracked before that come back into memory when a walk goes on: as many as spatial memories reach. */
const recalledFrames = 6
/** New masks agree with the stored ones when their IoU is above this over so many frames in a row. */
const agreementIou = 0.98
const agreementFrames = 10

export interface ObjectWalkOptions {
  readonly store: ProjectStore
  readonly video: TrackedVideo
  readonly videoId: number
  readonly objectId: number
  readonly runId: number
  readonly reverse: boolean
  /** First frame to be tracked. */
  readonly next: number
  /** Ends at the next keyframe, or where masks agree with the stored ones. */
  readonly untilAgreement: boolean
  readonly tracking: TrackingOptions
  /** Frames on which the shots begin that are known now. */
  shotStarts(): readonly number[]
}

/** What was found of an object on a frame, before it is judged. */
export interface FoundMask {
  readonly objectId: number
  readonly frameIndex: number
  readonly mask: RunLengthMask
  /** What the model said; null where a person said that the object is not there. */
  readonly answer: ScoredMask | null
}

/** `untold`: nothing says any more what the object is, such as after undo of its only prompt. */
export type WalkEnd = 'agreed' | 'keyframe' | 'untold'

/** One object on its way through the frames of a leg. What it is conditioned on is read from the project at every frame. */
export class ObjectWalk {
  readonly objectId: number
  readonly #options: ObjectWalkOptions
  /** Signature of what the tracker thread holds for each conditioning frame. */
  readonly #conditioned = new Map<number, string>()
  readonly #judge = new SuspicionJudge()
  #recalled = false
  #isJudged = false
  #agreeing = 0
  #end: WalkEnd | null = null
  /** A shot has begun and it was not found since. */
  #isSoughtSinceCut = false

  constructor(options: ObjectWalkOptions) {
    this.objectId = options.objectId
    this.#options = options
  }

  /** Why it takes no part any more; null while it does. */
  get end(): WalkEnd | null {
    return this.#end
  }

  hasReached(frameIndex: number): boolean {
    const { reverse, next } = this.#options
    return reverse ? frameIndex <= next : frameIndex >= next
  }

  /** A shot begins: it has to be found again. */
  beginShot(): void {
    this.#isSoughtSinceCut = true
    this.#judge.follow(null)
  }

  /** The tracker thread has lost what it knew. */
  startOver(): void {
    this.#conditioned.clear()
    this.#recalled = false
  }

  /**
   * The object on a frame; null where the frame stands for itself, because it was prompted, or where the walk ends. May be
   * asked again for the same frame, until what it found is judged.
   * @param modelSizePx side of the picture of the model that is asked
   */
  async find(ask: RunAsk, frameIndex: number, modelSizePx: number): Promise<FoundMask | null> {
    const { store, videoId, objectId, untilAgreement } = this.#options
    const keyframes = keyframesOf(store, videoId, objectId)
    if (keyframes.includes(frameIndex)) {
      if (untilAgreement) this.#end = 'keyframe'
      this.#isSoughtSinceCut = false
      this.#judge.follow(this.storedMask(frameIndex))
      return null
    }
    if (this.#isAbsent(frameIndex)) {
      this.#judge.follow(null)
      const { heightPx, widthPx } = this.#options.video
      return { objectId, frameIndex, mask: emptyRunLength(heightPx, widthPx), answer: null }
    }
    // In this order: what is recalled is known by the look of the prompted frames.
    const conditioningFrames = await this.#condition(ask, frameIndex, keyframes)
    await this.#recall(ask, modelSizePx)
    if (conditioningFrames.length === 0) {
      this.#end = 'untold'
      return null
    }
    const answer = await ask('step', { objectId, frameIndex, conditioningFrames })
    // The thread lets go of those that the newest frame did not attend to.
    for (const index of this.#conditioned.keys())
      if (!conditioningFrames.includes(index)) this.#conditioned.delete(index)
    return { objectId, frameIndex, mask: answer.mask, answer }
  }

  /** How far a mask is to be trusted. What comes after is judged by it, so each frame is judged once. */
  judge({ frameIndex, answer }: FoundMask): MaskScores {
    if (answer === null) return NO_SCORES
    const scores = this.#judge.judge(answer, this.#maskOfOtherRun(frameIndex))
    if (this.#options.untilAgreement) this.#compare(frameIndex, answer.mask)
    this.#isSoughtSinceCut &&= isRunLengthEmpty(answer.mask)
    return this.#isSoughtSinceCut ? lostAtCut(scores) : scores
  }

  /** Frames beyond the one where masks agreed, up to the next keyframe: they stand after all. */
  confirmedFrames(agreedAt: number): { first: number; last: number } {
    const { store, videoId, objectId, reverse, video } = this.#options
    const keyframes = keyframesOf(store, videoId, objectId)
    return reverse
      ? { first: (keyframes.findLast((index) => index < agreedAt) ?? -1) + 1, last: agreedAt - 1 }
      : {
          first: agreedAt + 1,
          last: (keyframes.find((index) => index > agreedAt) ?? video.frameCount) - 1,
        }
  }

  /** Fills the memory with what the walk has passed before, and what it knew of the object then. */
  async #recall(ask: RunAsk, modelSizePx: number): Promise<void> {
    if (this.#recalled) return
    this.#recalled = true
    const { store, objectId, reverse, next, video, tracking } = this.#options
    // Where the walk stands now is told by what it has stored, so it begins anew at the newest stored frame.
    const newest = this.#newestStored(next)
    const passed = passedFrames(store, this.#options, { newest, reverse, frameCount: video.frameCount })
    const last = passed.at(-1)
    // A thread that has lost what it knew does not change what the judge has seen.
    if (last?.frameIndex === newest && !this.#isJudged) this.#judge.follow(last.mask)
    this.#isJudged = true
    if (last?.isGiven === false) this.#isSoughtSinceCut ||= last.suspectReasons.includes('lostAtCut')
    const replayed = replayWalk(passed, {
      ...{ tracking, frame: video, modelSizePx },
      shots: new Shots(this.#options.shotStarts()),
    })
    for (const frame of framesToRecall(replayed, recalledFrames)) await ask('recall', { objectId, frame })
  }

  /** The last frame in the walk's direction that this run has stored, or the one before its first. */
  #newestStored(next: number): number {
    const { store, videoId, objectId, reverse, runId } = this.#options
    let newest = reverse ? next + 1 : next - 1
    for (const span of store.records.ofObject('spans', videoId, objectId)) {
      if (store.records.get('versions', span.versionId)?.runId !== runId) continue
      if (reverse && span.first <= next) newest = Math.min(newest, span.first)
      if (!reverse && span.last >= next) newest = Math.max(newest, span.last)
    }
    return newest
  }

  /** Makes sure that the thread knows the conditioning frames nearest to a frame. */
  async #condition(ask: RunAsk, frameIndex: number, keyframes: readonly number[]): Promise<number[]> {
    const { objectId } = this.#options
    const frames = keyframes.filter((index) => !this.#isAbsent(index))
    const seeds = frames.length > 0 ? frames : this.#maskSeeds()
    const chosen = closestFrames(seeds, frameIndex)
    for (const index of chosen) {
      const prompts = this.#promptsAt(index)
      if (prompts === null) continue
      const signature = JSON.stringify(prompts)
      if (this.#conditioned.get(index) === signature) continue
      await ask('condition', { objectId, frameIndex: index, prompts })
      this.#conditioned.set(index, signature)
    }
    return chosen
  }

  #promptsAt(frameIndex: number): FramePrompts | null {
    const { store, videoId, objectId } = this.#options
    const prompts = conditioningPrompts(store, { videoId, objectId, frameIndex })
    if (prompts !== null) return prompts
    const mask = this.storedMask(frameIndex)
    return mask === null ? null : { kind: 'mask', mask }
  }

  /** An object that was never prompted is known by a mask from elsewhere: an import, an edit, an earlier run. */
  #maskSeeds(): number[] {
    const { store, videoId, objectId, runId, next } = this.#options
    const spans = [...store.records.ofObject('spans', videoId, objectId)]
      .filter(({ versionId }) => store.records.get('versions', versionId)?.runId !== runId)
      .map(({ first, last }) => Math.min(Math.max(next, first), last))
      .sort((a, b) => Math.abs(a - next) - Math.abs(b - next))
    const seed = spans.find((frameIndex) => {
      const mask = this.storedMask(frameIndex)
      return mask !== null && !isRunLengthEmpty(mask)
    })
    return seed === undefined ? [] : [seed]
  }

  #compare(frameIndex: number, mask: RunLengthMask): void {
    const stored = this.storedMask(frameIndex)
    const agrees = stored !== null && runLengthIou(mask, stored, 1) > agreementIou
    this.#agreeing = agrees ? this.#agreeing + 1 : 0
    if (this.#agreeing >= agreementFrames) this.#end = 'agreed'
  }

  /** The object's present mask on a frame, as the project has it. */
  storedMask(frameIndex: number): RunLengthMask | null {
    const { store, videoId, objectId } = this.#options
    return storedMaskAt(store, { videoId, objectId, frameIndex })
  }

  /** The mask that another run has put there, from the other side mostly, unless a correction put it in doubt. */
  #maskOfOtherRun(frameIndex: number): RunLengthMask | null {
    const { store, videoId, objectId, runId } = this.#options
    for (const { first, last, versionId, stale } of store.records.ofObject('spans', videoId, objectId)) {
      if (first > frameIndex || frameIndex > last) continue
      const madeBy = store.records.get('versions', versionId)?.runId ?? null
      if (stale || madeBy === null || madeBy === runId) return null
      return readStoredMask(store, versionId, frameIndex)?.mask ?? null
    }
    return null
  }

  #isAbsent(frameIndex: number): boolean {
    return isSaidAbsent(this.#options.store, { ...this.#options, frameIndex })
  }
}
