import { chooseMask, type ChosenMask, type MaskCandidates } from '../../../models/sam2/mask-choice.ts'
import type { ImageFeatures } from '../../../models/sam2/image-features.ts'
import type { Sam2Model } from '../../../models/sam2/sam2-model.ts'
import type { RunLengthMask } from '../../contract/mask.ts'
import { resizeMaskAntialiased } from '../masks/resize-antialiased.ts'
import { decodeRunLength } from '../masks/run-length-mask.ts'
import type { Look } from './object-follower.ts'
import type { PointInputs } from './object-track.ts'
import { pointInputsOf } from './point-inputs.ts'
import { answerMask, answerNearer, boundedLogits, givenLogit, type PromptedObject } from './prompt-answers.ts'
import { pointsInView } from './prompt-views.ts'
import type { FramePrompts, TrackedVideo } from './tracker-protocol.ts'

type PointPrompts = Extract<FramePrompts, { kind: 'points' }>

/** What prompts come to. */
export interface PromptedMask extends PromptedObject {
  /** All that the model offers for a single point, in its order; empty where it has one opinion only. */
  readonly offers: readonly ChosenMask[]
  readonly chosenOffer: number | null
}

/** The same on the whole frame. */
type WholeAnswer = Omit<PromptedMask, 'view'>

const keptAnswers = 64

/**
 * Answers the prompts of a frame as if they were given one after the other: each answer's logits go into the next, as
 * the official predictor does with clicks. Since it always starts anew from what was tracked before, the same prompts
 * give the same mask, after undo or a restart too; answers on the way are kept, so that one more click costs one more run.
 */
export class PromptChain {
  readonly #model: Sam2Model
  /** Least recently used first. */
  readonly #kept = new Map<string, Promise<WholeAnswer>>()

  constructor(model: Sam2Model) {
    this.#model = model
  }

  /**
   * The answer as it is shown and as a walk is conditioned on it.
   * @param followZoom whether a small object is seen from nearer by
   */
  async answer(
    look: Look,
    { video, followZoom }: { readonly video: TrackedVideo; readonly followZoom: boolean },
    frameIndex: number,
    prompts: FramePrompts,
  ): Promise<PromptedMask> {
    const scene = { model: this.#model, frame: video, followZoom, look }
    if (prompts.kind === 'mask')
      return { ...(await answerMask(scene, decodeRunLength(prompts.mask))), offers: [], chosenOffer: null }
    const placed = inside(prompts, video)
    const whole = await look(null, (image) => this.#stage(image, video, frameIndex, placed))
    const inputs = inputsOf(placed)
    // An offer that a person chose is no longer one of several.
    const isAmbiguous = inputs.labels.length <= 1 && prompts.alternative === null
    const seenWith = () => ({ addNoMemory: true })
    return { ...whole, ...(await answerNearer(scene, { inputs, isAmbiguous, seenWith }, whole)) }
  }

  #stage(
    image: ImageFeatures,
    video: TrackedVideo,
    frameIndex: number,
    prompts: PointPrompts,
  ): Promise<WholeAnswer> {
    const key = JSON.stringify([video.contentId, frameIndex, prompts])
    const known = this.#kept.get(key)
    this.#kept.delete(key)
    const answer = known ?? this.#decode(image, video, frameIndex, prompts)
    this.#kept.set(key, answer)
    answer.catch(() => this.#kept.delete(key))
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= keptAnswers) break
      this.#kept.delete(oldest)
    }
    return answer
  }

  async #decode(
    image: ImageFeatures,
    video: TrackedVideo,
    frameIndex: number,
    prompts: PointPrompts,
  ): Promise<WholeAnswer> {
    const { points, box, base, alternative } = prompts
    const isFirst = points.length <= (box === null ? 1 : 0)
    let previous: Float32Array | null
    if (isFirst) {
      previous = base === null ? null : baseLogits(base, this.#model.maskSize)
    } else {
      const before = { ...prompts, points: points.slice(0, -1) }
      previous = (await this.#stage(image, video, frameIndex, before)).maskLogits
    }
    const inputs = pointsInView(inputsOf(prompts), null, video, this.#model.imageSize)
    const candidates = await this.#model.decodePrompts(
      image,
      { ...inputs, ...(previous === null ? {} : { maskPrompt: boundedLogits(previous) }) },
      { addNoMemory: true },
    )
    // Whoever points at an object says that it is there.
    const isPointedAt = box !== null || points.some(({ label }) => label === 1)
    const seen = isPointedAt
      ? { ...candidates, objectScore: Math.max(candidates.objectScore, Number.MIN_VALUE) }
      : candidates
    const hasOffers = inputs.labels.length === 1
    const own = chooseMask(seen, hasOffers, this.#model.noObjectPointer)
    const offers = hasOffers && seen.objectScore > 0 ? offersOf(candidates) : []
    const { objectScore } = candidates
    const taken = alternative === null ? undefined : offers[alternative]
    const ownOffer = offers.findIndex(({ maskLogits }) => maskLogits === own.maskLogits)
    if (taken !== undefined) return { ...taken, offers, chosenOffer: alternative }
    return { ...own, objectScore, offers, chosenOffer: ownOffer < 0 ? null : ownOffer }
  }
}

/** The three masks of the multimask output; the first token is the single mask. */
function offersOf({ firstToken, maskLogits, ious, objectScore, pointers }: MaskCandidates): ChosenMask[] {
  return [1, 2, 3].map((token) => ({
    maskLogits: maskLogits[token - firstToken]!,
    pointer: pointers[token - firstToken]!,
    objectScore,
    predictedIou: ious[token]!,
  }))
}

/** null for an empty mask: that the object was lost says nothing of where it is. */
function baseLogits(base: RunLengthMask, maskSize: number): Float32Array | null {
  const fractions = resizeMaskAntialiased(decodeRunLength(base), maskSize, maskSize)
  return fractions.some((fraction) => fraction > 0)
    ? fractions.map((fraction) => (2 * fraction - 1) * givenLogit)
    : null
}

/** While it is dragged a point may leave the picture; it counts where it left. */
function inside(prompts: PointPrompts, { widthPx, heightPx }: TrackedVideo): PointPrompts {
  const x = (value: number): number => Math.min(Math.max(value, 0), widthPx)
  const y = (value: number): number => Math.min(Math.max(value, 0), heightPx)
  const { box } = prompts
  return {
    ...prompts,
    points: prompts.points.map((point) => ({ x: x(point.x), y: y(point.y), label: point.label })),
    box: box && { left: x(box.left), top: y(box.top), right: x(box.right), bottom: y(box.bottom) },
  }
}

function inputsOf({ points, box }: PointPrompts): PointInputs {
  return pointInputsOf(
    points,
    box === null ? undefined : [box.left, box.top, box.right, box.bottom],
    undefined,
  )
}
