import { chooseMask, noObjectLogit } from '../../../models/sam2/mask-choice.ts'
import type { ImageFeatures } from '../../../models/sam2/image-features.ts'
import type { ConditioningInputs } from '../../../models/sam2/memory-stage.ts'
import type { Sam2Model } from '../../../models/sam2/sam2-model.ts'
import type { PixelBox } from '../masks/run-length-measures.ts'
import { followView, searchView, type FrameSize } from './follow-zoom.ts'
import { GIVEN_FRAME, type FrameRecord } from './frame-record.ts'
import type { FrameRecords } from './frame-records.ts'
import { isHeldByAnother } from './held-pixels.ts'
import { bankOfChosen, forgetFar, selectFromBank, type BankOptions, type BankQuery } from './memory-bank.ts'
import { MirroredExamples } from './mirrored-examples.ts'
import { doubtAfter, isSure, judgePresence, type Expectation } from './presence-judge.ts'
import { likenessTo } from './resemblance.ts'
import { goingOn, isSteady } from './rival-watch.ts'
import { chosenFrames, forgetUnchosen } from './selective-memory.ts'
import type { Shots } from './shots.ts'
import type { TrackingOptions } from './tracking-options.ts'
import { meanOfCandidates } from './mean-candidates.ts'
import { boxInFrame, type SeenLogits } from './view-masks.ts'
import {
  isPromptedInShot,
  newestBefore,
  passedInShot,
  wasSeenInShot,
  type Known,
  type Newest,
} from './walked-frames.ts'

/** A picture of another frame than the one that is looked at, or of a frame as it is in a mirror. */
export interface OtherPicture {
  readonly frameIndex: number
  readonly isMirrored: boolean
}

/** Works with the features of a part of the frame that is looked at, or of all of it. */
export type Look = <Result>(
  view: PixelBox | null,
  work: (image: ImageFeatures) => Promise<Result>,
  other?: OtherPicture,
) => Promise<Result>

export interface FollowerOptions {
  readonly tracking: TrackingOptions
  readonly bank: BankOptions
  readonly frame: FrameSize
  readonly shots: Shots
  /** Records that no later frame can use are let go. */
  readonly forgets: boolean
}

/** What is known of an object before it is looked for on a frame. */
interface Sought extends Omit<Expectation, 'doubt'> {
  /** By the frames alone that show it well. */
  readonly isLookedFor: boolean
  /** What the other objects surely hold there: an object that is looked for takes none of it. */
  readonly heldByOthers: readonly FrameRecord[]
  /** The object on the frame before; null while it is looked for. */
  readonly before: FrameRecord | null
  /** Conditioning frames of other shots as they are in a mirror. */
  readonly mirrored: ReadonlyMap<number, FrameRecord>
}

/**
 * Follows an object with more care than the official predictor: where to look, what to remember, and whether what was
 * found is the object. All that it goes by is in the records, so that a walk can be left and gone on with.
 */
export class ObjectFollower {
  readonly #model: Sam2Model
  readonly #options: FollowerOptions
  readonly #mirrors: MirroredExamples

  constructor(model: Sam2Model, options: FollowerOptions) {
    this.#model = model
    this.#options = options
    this.#mirrors = new MirroredExamples(model)
  }

  /** Frees what it made of the records. */
  dispose(): void {
    this.#mirrors.dispose()
  }

  /**
   * Finds the object on a frame (`track_step`) and remembers what is worth it.
   * @param others the other objects that are followed
   */
  async step(known: Known, query: BankQuery, look: Look, others: readonly Known[]): Promise<FrameRecord> {
    const { shots, tracking, frame } = this.#options
    const boxOf = (record: FrameRecord): PixelBox | null => boxInFrame(record, this.#model.maskSize, frame)
    const newest = newestBefore(known, query, shots, boxOf)
    const isNewShot = newest !== null && !shots.areInOne(newest.frameIndex, query.frameIndex)
    const isNext = newest !== null && Math.abs(newest.frameIndex - query.frameIndex) === 1
    const isOnlyElsewhere = newest === null && !isPromptedInShot(known, query, shots)
    const isLookedFor = isNewShot || isOnlyElsewhere || (newest?.isGone ?? false)
    const isAfterCut =
      (newest !== null || isOnlyElsewhere) &&
      tracking.memorySelection === 'selective' &&
      !wasSeenInShot(known, query, shots)
    const expected: Omit<Sought, 'mirrored'> = {
      usualIou: newest?.usualIou ?? null,
      isGone: isLookedFor && !isAfterCut,
      isAfterCut,
      isLookedFor,
      heldByOthers: isLookedFor ? this.#heldBy(others, query) : [],
      before: !isLookedFor && isNext ? newest.record : null,
    }
    const view = newest === null || isNewShot ? null : this.#viewAfter(newest)
    const mirrored = await this.#mirroredFor(known, query, look)
    const record = await look(view, (image) =>
      this.#find(known, query, { ...expected, mirrored }, image, view),
    )
    known.tracked.set(query.frameIndex, record)
    this.#forget(known.tracked, query)
    return record
  }

  async #find(
    known: Known,
    query: BankQuery,
    expected: Sought,
    image: ImageFeatures,
    view: PixelBox | null,
  ): Promise<FrameRecord> {
    const candidates = await this.#model.decodeTracked(image, this.#bankFor(known, query, expected))
    const best = chooseMask(candidates, true, this.#model.noObjectPointer)
    if (this.#options.tracking.memorySelection === 'sam2') {
      const absent = best.objectScore <= 0
      const memory = await this.#model.encodeMemory(image, best.maskLogits, { fromPrompts: false, absent })
      return { ...best, ...GIVEN_FRAME, memory, view }
    }
    // Candidates for an object that is looked for are guesses at different things.
    const answer =
      expected.isLookedFor || best.objectScore <= 0
        ? best
        : { ...best, maskLogits: meanOfCandidates(candidates) }
    const passed = passedInShot(known, query, this.#options.shots)
    const { before } = expected
    const { frame } = this.#options
    const { maskLogits, hasRival } =
      before === null
        ? { ...answer, hasRival: false }
        : goingOn(
            { ...answer, view },
            answer.predictedIou < (expected.usualIou ?? 1),
            before,
            passed,
            this.#model.maskSize,
            frame,
          )
    const chosen = { ...answer, maskLogits }
    const appearance = await this.#model.contrastForeground(image, maskLogits)
    const likeness = likenessTo(known, query.frameIndex, { appearance, view }, this.#options.shots, frame)
    const { verdict, usualIou } = judgePresence(
      { ...chosen, ...likeness },
      { ...expected, doubt: doubtAfter(passed) },
    )
    if (verdict === 'absent' || this.#isAnother({ maskLogits, view }, expected)) {
      return {
        maskLogits: new Float32Array(chosen.maskLogits.length).fill(noObjectLogit),
        pointer: this.#model.noObjectPointer,
        objectScore: Math.min(chosen.objectScore, 0),
        predictedIou: chosen.predictedIou,
        ...{ memory: null, view, usualIou },
        ...{ isFound: false, isExample: false, hasRival, tellsApart: false, appearance: null },
      }
    }
    const memory = await this.#model.encodeMemory(image, chosen.maskLogits, {
      fromPrompts: false,
      absent: false,
    })
    const tellsApart = hasRival && isSure(chosen, expected) && isSteady({ maskLogits, view }, passed, frame)
    const isExample = verdict === 'seen'
    return { ...chosen, memory, appearance, view, usualIou, isFound: true, isExample, hasRival, tellsApart }
  }

  /** In a shot without prompts, the nearest conditioning frame as it is in a mirror. */
  async #mirroredFor(known: Known, query: BankQuery, look: Look): Promise<ReadonlyMap<number, FrameRecord>> {
    const { frameIndex } = query
    const frames = [...known.conditioning].filter(([, { isFound }]) => isFound)
    const distance = (index: number): number => Math.abs(index - frameIndex)
    const [nearest] = frames.sort(([a], [b]) => distance(a) - distance(b))
    if (
      this.#options.tracking.memorySelection === 'sam2' ||
      isPromptedInShot(known, query, this.#options.shots) ||
      nearest === undefined
    )
      return new Map()
    return new Map([[nearest[0], await this.#mirrors.of(...nearest, look)]])
  }

  #bankFor(
    { conditioning, tracked }: Known,
    query: BankQuery,
    { isLookedFor, mirrored }: Sought,
  ): ConditioningInputs {
    const { tracking, bank, shots } = this.#options
    if (tracking.memorySelection === 'sam2') return selectFromBank({ conditioning, tracked }, query, bank)
    const chosen = chosenFrames(tracked, query, bank, shots, isLookedFor)
    return bankOfChosen(conditioning, { ...chosen, mirrored }, query, bank)
  }

  #forget(tracked: FrameRecords, query: BankQuery): void {
    const { tracking, bank, shots, forgets } = this.#options
    if (!forgets) return
    if (tracking.memorySelection === 'sam2') forgetFar(tracked, query.frameIndex, bank)
    else forgetUnchosen(tracked, query, bank, shots)
  }

  #viewAfter({ box, view, isGone }: Newest): PixelBox | null {
    const { tracking, frame } = this.#options
    if (!tracking.followZoom || box === null) return null
    return isGone ? searchView(box, view, frame) : followView(box, view, frame, this.#model.imageSize)
  }

  #isAnother(found: SeenLogits, { heldByOthers }: Sought): boolean {
    return isHeldByAnother(found, heldByOthers, this.#model.maskSize, this.#options.frame)
  }

  /** Where the others are seen well, on the frame or, for those that come later, on the one before. */
  #heldBy(others: readonly Known[], { frameIndex, reverse }: BankQuery): FrameRecord[] {
    const before = frameIndex + (reverse ? 1 : -1)
    const isOneShot = this.#isOfShot(before, frameIndex)
    return others.flatMap(({ conditioning, tracked }) => {
      const at = (index: number): FrameRecord | undefined => conditioning.get(index) ?? tracked.get(index)
      const record = at(frameIndex) ?? (isOneShot ? at(before) : undefined)
      return record?.isFound && record.isExample ? [record] : []
    })
  }

  #isOfShot(first: number, second: number): boolean {
    return this.#options.shots.areInOne(first, second)
  }
}
