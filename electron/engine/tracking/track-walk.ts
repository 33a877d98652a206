import { chooseMask, type ChosenMask } from '../../../models/sam2/mask-choice.ts'
import type { ImageFeatures } from '../../../models/sam2/image-features.ts'
import type { Sam2Model } from '../../../models/sam2/sam2-model.ts'
import { selectFromBank, type BankOptions } from './memory-bank.ts'
import { noRecords, type KeptRecords } from './object-track.ts'
import type { TrackedVideo } from './tracker-protocol.ts'

/** Pointers looked for on frames without prompts, plus one (`max_obj_ptrs_in_encoder`). */
const pointerCount = 16

/**
 * A walk through a video in one direction, with the memory of each object that is followed. The memory is filled from
 * outside, so that a walk can begin or go on anywhere; what no later frame can reach is let go.
 */
export class TrackWalk {
  readonly video: TrackedVideo
  readonly reverse: boolean
  readonly #model: Sam2Model
  readonly #bankOptions: BankOptions
  readonly #objects = new Map<number, KeptRecords>()

  constructor(model: Sam2Model, video: TrackedVideo, reverse: boolean) {
    this.#model = model
    this.video = video
    this.reverse = reverse
    this.#bankOptions = {
      memoryCount: model.configuration.numMaskMemories,
      pointerCount,
      conditioningFrames: null,
      signedDistances: model.configuration.version === '2.1',
    }
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
    conditioning.set(frameIndex, { ...found, memory })
  }

  /** Takes a frame that was tracked before into memory. */
  async recall(objectId: number, frameIndex: number, image: ImageFeatures, found: ChosenMask): Promise<void> {
    const memory = await this.#model.encodeMemory(image, found.maskLogits, {
      fromPrompts: false,
      absent: found.objectScore <= 0,
    })
    this.#memoryOf(objectId).tracked.set(frameIndex, { ...found, memory })
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
    const bank = selectFromBank(
      { conditioning: new Map(attended), tracked: known.tracked },
      { frameIndex, frameCount: this.video.frameCount, reverse: this.reverse },
      this.#bankOptions,
    )
    const candidates = await this.#model.decodeTracked(image, bank)
    const chosen = chooseMask(candidates, true, this.#model.noObjectPointer)
    const memory = await this.#model.encodeMemory(image, chosen.maskLogits, {
      fromPrompts: false,
      absent: chosen.objectScore <= 0,
    })
    known.tracked.set(frameIndex, { ...chosen, memory })
    this.#letGo(
      known,
      frameIndex,
      attended.map(([index]) => index),
    )
    return chosen
  }

  /** Ends the walk and frees what it remembers. */
  dispose(): void {
    for (const { conditioning, tracked } of this.#objects.values()) {
      conditioning.clear()
      tracked.clear()
    }
    this.#objects.clear()
  }

  /** Drops what no later frame of the walk can reach. */
  #letGo(known: KeptRecords, frameIndex: number, attended: readonly number[]): void {
    for (const [index, record] of known.tracked) {
      const distance = Math.abs(index - frameIndex)
      if (distance >= pointerCount) known.tracked.delete(index)
      else if (record.memory && distance >= this.#bankOptions.memoryCount)
        known.tracked.set(index, { ...record, memory: null })
    }
    // Those of the newest frames are attended to again; others would have to be made again.
    for (const index of known.conditioning.keys())
      if (!attended.includes(index)) known.conditioning.delete(index)
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
