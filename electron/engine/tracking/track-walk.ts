import { noObjectLogit } from '../../../models/sam2/mask-choice.ts'
import { GIVEN_FRAME, UNSEEN_FRAME, type FrameRecord } from './frame-record.ts'
import { memoryOfPrompted, memoryOfTracked } from './mask-memory.ts'
import type { PromptedObject } from './prompt-answers.ts'
import type { Sam2Model } from '../../../models/sam2/sam2-model.ts'
import { bankOptionsOf } from './memory-bank.ts'
import { ObjectFollower, type Look } from './object-follower.ts'
import { Shots } from './shots.ts'
import type { TrackingOptions } from './tracking-options.ts'
import { noRecords, type KeptRecords } from './object-track.ts'
import { isExampleByLook } from './presence-judge.ts'
import { likenessTo } from './resemblance.ts'
import type { TrackedVideo } from './tracker-protocol.ts'
import type { ReplayedFrame } from './walk-replay.ts'

/** Which way a walk goes, and how it follows. */
export interface WalkRoute {
  readonly reverse: boolean
  readonly tracking: TrackingOptions
  /** Frames on which shots begin. */
  readonly shotStarts: readonly number[]
}

/**
 * A walk through a video in one direction, with the memory of each object that is followed. The memory is filled from
 * outside, so that a walk can begin or go on anywhere; what no later frame can reach is let go.
 */
export class TrackWalk {
  readonly video: TrackedVideo
  readonly reverse: boolean
  readonly #model: Sam2Model
  readonly tracking: TrackingOptions
  readonly #shots: Shots
  readonly #follower: ObjectFollower
  readonly #objects = new Map<number, KeptRecords>()

  constructor(model: Sam2Model, video: TrackedVideo, { reverse, tracking, shotStarts }: WalkRoute) {
    this.#model = model
    this.video = video
    this.reverse = reverse
    this.tracking = tracking
    this.#shots = new Shots(shotStarts)
    this.#follower = new ObjectFollower(model, {
      ...{ tracking, shots: this.#shots, frame: video },
      bank: bankOptionsOf(model),
      forgets: true,
    })
  }

  /** Says that a shot begins on a frame. */
  beginShot(frameIndex: number): void {
    this.#shots.add(frameIndex)
  }

  /** Takes a prompted frame into memory, as it was seen. */
  async condition(objectId: number, frameIndex: number, look: Look, found: PromptedObject): Promise<void> {
    const known = await memoryOfPrompted(this.#model, found, look)
    const { conditioning, tracked } = this.#memoryOf(objectId)
    tracked.delete(frameIndex)
    conditioning.set(frameIndex, { ...GIVEN_FRAME, ...found, ...known })
  }

  /** Takes a frame that was tracked before into memory; one on which the object was not seen leaves none. */
  async recall(objectId: number, frame: ReplayedFrame, look: Look): Promise<void> {
    const { frameIndex, mask, view, usualIou, isFound, isExample } = frame
    const { conditioning, tracked } = this.#memoryOf(objectId)
    const model = this.#model
    const predictedIou = frame.predictedIou ?? 1
    if (!isFound) {
      const maskLogits = new Float32Array(model.maskSize ** 2).fill(noObjectLogit)
      const unseen = { maskLogits, pointer: model.noObjectPointer, objectScore: 0, predictedIou }
      tracked.set(frameIndex, { ...UNSEEN_FRAME, ...unseen, view, usualIou })
      return
    }
    const record = await memoryOfTracked(model, mask, view, look)
    const found = { appearance: record.appearance, view }
    const likeness = likenessTo({ conditioning, tracked }, frameIndex, found, this.#shots, this.video)
    // In a shot of which little is known yet it was told by examples that are not here.
    const isKnownByLook = isExampleByLook(likeness.lastingLikeness)
    const facts = { predictedIou, view, usualIou, isExample: isExample && isKnownByLook }
    tracked.set(frameIndex, { ...GIVEN_FRAME, ...record, ...facts })
  }

  /** Tracks an object on a frame and remembers what it found (`track_step`). */
  async step(
    objectId: number,
    frameIndex: number,
    look: Look,
    conditioningFrames: readonly number[],
  ): Promise<FrameRecord> {
    const known = this.#memoryOf(objectId)
    const attended = conditioningFrames.flatMap((index) => {
      const record = known.conditioning.get(index)
      return record === undefined ? [] : [[index, record] as const]
    })
    const query = { frameIndex, frameCount: this.video.frameCount, reverse: this.reverse }
    const conditioning = new Map(attended)
    const others = [...this.#objects.values()].filter((other) => other !== known)
    const found = await this.#follower.step({ conditioning, tracked: known.tracked }, query, look, others)
    // Those of the newest frames are attended to again; others would have to be made again.
    for (const index of known.conditioning.keys())
      if (!conditioning.has(index)) known.conditioning.delete(index)
    return found
  }

  /** What the walk found of objects on a frame it has just passed. */
  found(objectIds: readonly number[], frameIndex: number): { objectId: number; record: FrameRecord }[] {
    return objectIds.flatMap((objectId) => {
      const record = this.#objects.get(objectId)?.tracked.get(frameIndex)
      return record === undefined ? [] : [{ objectId, record }]
    })
  }

  /** Ends the walk and frees what it remembers. */
  dispose(): void {
    this.#follower.dispose()
    for (const { conditioning, tracked } of this.#objects.values()) {
      conditioning.clear()
      tracked.clear()
    }
    this.#objects.clear()
  }

  #memoryOf(objectId: number): KeptRecords {
    let known = this.#objects.get(objectId)
    if (known === undefined) {
      known = noRecords()
      this.#objects.set(objectId, known)
    }
    return known
  }
}
