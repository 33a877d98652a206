import type { ChosenMask } from '../../../models/sam2/mask-choice.ts'
import { GIVEN_FRAME } from './frame-record.ts'
import type { ImageFeatures } from '../../../models/sam2/image-features.ts'
import type { Sam2Model } from '../../../models/sam2/sam2-model.ts'
import { bankOptionsOf } from './memory-bank.ts'
import { ObjectFollower } from './object-follower.ts'
import { Shots } from './shots.ts'
import type { MemorySelection } from './tracking-options.ts'
import { noRecords, type KeptRecords } from './object-track.ts'
import type { TrackedVideo } from './tracker-protocol.ts'

/** Which way a walk goes, and how it remembers. */
export interface WalkRoute {
  readonly reverse: boolean
  readonly memorySelection: MemorySelection
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
  readonly #follower: ObjectFollower
  readonly #objects = new Map<number, KeptRecords>()

  constructor(model: Sam2Model, video: TrackedVideo, { reverse, memorySelection, shotStarts }: WalkRoute) {
    this.#model = model
    this.video = video
    this.reverse = reverse
    this.#follower = new ObjectFollower(model, {
      tracking: { memorySelection, followZoom: false },
      bank: bankOptionsOf(model),
      frame: video,
      shots: new Shots(shotStarts),
      forgets: true,
    })
  }

  /** Takes a prompted frame into memory. */
  async condition(
    objectId: number,
    frameIndex: number,
    image: ImageFeatures,
    found: ChosenMask,
  ): Promise<void> {
    const present = found.maskLogits.some((logit) => logit > 0)
    const memory = await this.#model.encodeMemory(image, found.maskLogits, {
      fromPrompts: true,
      absent: !present,
    })
    const { conditioning, tracked } = this.#memoryOf(objectId)
    tracked.delete(frameIndex)
    conditioning.set(frameIndex, { ...found, memory, ...GIVEN_FRAME })
  }

  /** Takes a frame that was tracked before into memory. */
  async recall(objectId: number, frameIndex: number, image: ImageFeatures, found: ChosenMask): Promise<void> {
    const memory = await this.#model.encodeMemory(image, found.maskLogits, {
      fromPrompts: false,
      absent: found.objectScore <= 0,
    })
    this.#memoryOf(objectId).tracked.set(frameIndex, {
      ...found,
      memory,
      ...GIVEN_FRAME,
    })
  }

  /** Tracks an object on a frame and remembers what it found (`track_step`). */
  async step(
    objectId: number,
    frameIndex: number,
    image: ImageFeatures,
    conditioningFrames: readonly number[],
  ): Promise<ChosenMask> {
    const known = this.#memoryOf(objectId)
    const attended = conditioningFrames.flatMap((index) => {
      const record = known.conditioning.get(index)
      return record === undefined ? [] : [[index, record] as const]
    })
    const query = { frameIndex, frameCount: this.video.frameCount, reverse: this.reverse }
    const conditioning = new Map(attended)
    const found = await this.#follower.step({ conditioning, tracked: known.tracked }, query, (_view, work) =>
      work(image),
    )
    // Those of the newest frames are attended to again; others would have to be made again.
    for (const index of known.conditioning.keys())
      if (!conditioning.has(index)) known.conditioning.delete(index)
    return found
  }

  /** Ends the walk and frees what it remembers. */
  dispose(): void {
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
