import { chooseMask, noObjectLogit } from '../../../models/sam2/mask-choice.ts'
import type { ImageFeatures } from '../../../models/sam2/image-features.ts'
import type { ConditioningInputs, Sam2Model } from '../../../models/sam2/sam2-model.ts'
import type { PixelBox } from '../masks/run-length-measures.ts'
import { followView, searchView, type FrameSize } from './follow-zoom.ts'
import type { FrameRecord } from './frame-record.ts'
import type { FrameRecords } from './frame-records.ts'
import { bankOfChosen, forgetFar, selectFromBank, type BankOptions, type BankQuery } from './memory-bank.ts'
import { PresenceJudge } from './presence-judge.ts'
import { forgetUnchosen, rememberedFor } from './selective-memory.ts'
import type { Shots } from './shots.ts'
import type { TrackingOptions } from './tracking-options.ts'
import { boxInFrame } from './view-masks.ts'

/** Works with the features of a part of the frame that is looked at, or of all of it. */
export type Look = <Result>(
  view: PixelBox | null,
  work: (image: ImageFeatures) => Promise<Result>,
) => Promise<Result>

export interface FollowerOptions {
  readonly tracking: TrackingOptions
  readonly bank: BankOptions
  readonly frame: FrameSize
  readonly shots: Shots
  /** Records that no later frame can use are let go. */
  readonly forgets: boolean
}

interface Known {
  /** Those that the frame attends to. */
  readonly conditioning: ReadonlyMap<number, FrameRecord>
  readonly tracked: FrameRecords
}

/**
 * Follows one object in one direction, with more care than the official predictor: where to look, what to remember, and
 * whether what was found is the object.
 */
export class ObjectFollower {
  readonly #model: Sam2Model
  readonly #options: FollowerOptions
  readonly #judge = new PresenceJudge()
  #newest: { frameIndex: number; box: PixelBox | null; view: PixelBox | null } | null = null

  constructor(model: Sam2Model, options: FollowerOptions) {
    this.#model = model
    this.#options = options
  }

  /** Says what a frame shows that stands for itself: it was prompted, or tracked before. */
  note(frameIndex: number, record: FrameRecord): void {
    const box = this.#boxOf(record)
    this.#newest = { frameIndex, view: record.view, box: box ?? this.#newest?.box ?? null }
  }

  /** Finds the object on a frame (`track_step`) and remembers what is worth it. */
  async step(known: Known, query: BankQuery, look: Look): Promise<FrameRecord> {
    const { frameIndex } = query
    const { shots } = this.#options
    const newest = this.#newest ?? this.#nearestConditioning(known, frameIndex)
    const isNewShot = newest !== null && !shots.areInOne(newest.frameIndex, frameIndex)
    if (isNewShot) this.#judge.lose()
    const view = isNewShot ? null : this.#viewAfter(newest)
    const record = await look(view, (image) => this.#find(known, query, image, view))
    known.tracked.set(frameIndex, record)
    this.#newest = {
      ...{ frameIndex, view },
      box: this.#boxOf(record) ?? (isNewShot ? null : (newest?.box ?? null)),
    }
    this.#forget(known.tracked, query)
    return record
  }

  async #find(
    known: Known,
    query: BankQuery,
    image: ImageFeatures,
    view: PixelBox | null,
  ): Promise<FrameRecord> {
    const candidates = await this.#model.decodeTracked(image, this.#bankFor(known, query))
    const chosen = chooseMask(candidates, true, this.#model.noObjectPointer)
    if (this.#options.tracking.memorySelection === 'sam2') {
      const absent = chosen.objectScore <= 0
      const memory = await this.#model.encodeMemory(image, chosen.maskLogits, { fromPrompts: false, absent })
      return { ...chosen, memory, view, isFound: true, isExample: true }
    }
    const verdict = this.#judge.judge(chosen)
    if (verdict === 'absent') {
      return {
        maskLogits: new Float32Array(chosen.maskLogits.length).fill(noObjectLogit),
        pointer: this.#model.noObjectPointer,
        objectScore: Math.min(chosen.objectScore, 0),
        predictedIou: chosen.predictedIou,
        ...{ memory: null, view, isFound: false, isExample: false },
      }
    }
    const memory = await this.#model.encodeMemory(image, chosen.maskLogits, {
      fromPrompts: false,
      absent: false,
    })
    return { ...chosen, memory, view, isFound: true, isExample: verdict === 'seen' }
  }

  #bankFor({ conditioning, tracked }: Known, query: BankQuery): ConditioningInputs {
    const { tracking, bank, shots } = this.#options
    if (tracking.memorySelection === 'sam2') return selectFromBank({ conditioning, tracked }, query, bank)
    return bankOfChosen(conditioning, rememberedFor(tracked, query, shots, this.#judge.isGone), query, bank)
  }

  #forget(tracked: FrameRecords, query: BankQuery): void {
    const { tracking, bank, shots, forgets } = this.#options
    if (!forgets) return
    if (tracking.memorySelection === 'sam2') forgetFar(tracked, query.frameIndex, bank)
    else forgetUnchosen(tracked, query, bank, shots)
  }

  #viewAfter(newest: { box: PixelBox | null; view: PixelBox | null } | null): PixelBox | null {
    const { tracking, frame } = this.#options
    if (!tracking.followZoom || newest?.box == null) return null
    const { box, view } = newest
    return this.#judge.isGone
      ? searchView(box, view, frame)
      : followView(box, view, frame, this.#model.imageSize)
  }

  #nearestConditioning({ conditioning }: Known, frameIndex: number) {
    let nearest: [number, FrameRecord] | null = null
    for (const entry of conditioning) {
      const isNearer = nearest === null || Math.abs(entry[0] - frameIndex) < Math.abs(nearest[0] - frameIndex)
      if (isNearer) nearest = entry
    }
    if (nearest === null) return null
    const [index, record] = nearest
    return { frameIndex: index, view: record.view, box: this.#boxOf(record) }
  }

  #boxOf(record: FrameRecord): PixelBox | null {
    return boxInFrame(record, this.#model.maskSize, this.#options.frame)
  }
}
