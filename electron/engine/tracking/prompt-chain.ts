import { chooseMask, type ChosenMask, type MaskCandidates } from '../../../models/sam2/mask-choice.ts'
import { pointLabels } from '../../../models/sam2/prompt-encoder.ts'
import type { ImageFeatures } from '../../../models/sam2/image-features.ts'
import type { Sam2Model } from '../../../models/sam2/sam2-model.ts'
import type { RunLengthMask } from '../../contract/mask.ts'
import { resizeBilinearAntialiased, resizeMaskAntialiased } from '../masks/resize-antialiased.ts'
import { decodeRunLength } from '../masks/run-length-mask.ts'
import type { FramePrompts, TrackedVideo } from './tracker-protocol.ts'

type PointPrompts = Extract<FramePrompts, { kind: 'points' }>

/** What prompts come to. */
export interface PromptedMask extends ChosenMask {
  /** All that the model offers for a single point, in its order; empty where it has one opinion only. */
  readonly offers: readonly ChosenMask[]
  readonly chosenOffer: number | null
}

const previousLogitBound = 32
/** Logits of a mask that was given, as the official predictor writes them. */
const givenLogit = 10
const keptAnswers = 64

/**
 * Answers the prompts of a frame as if they were given one after the other: each answer's logits go into the next, as
 * the official predictor does with clicks. Since it always starts anew from what was tracked before, the same prompts
 * give the same mask, after undo or a restart too; answers on the way are kept, so that one more click costs one more run.
 */
export class PromptChain {
  readonly #model: Sam2Model
  /** Least recently used first. */
  readonly #kept = new Map<string, Promise<PromptedMask>>()

  constructor(model: Sam2Model) {
    this.#model = model
  }

  async answer(
    image: ImageFeatures,
    video: TrackedVideo,
    frameIndex: number,
    prompts: FramePrompts,
  ): Promise<PromptedMask> {
    if (prompts.kind === 'mask')
      return { ...(await givenMask(this.#model, image, prompts.mask)), offers: [], chosenOffer: null }
    return this.#stage(image, video, frameIndex, inside(prompts, video))
  }

  #stage(
    image: ImageFeatures,
    video: TrackedVideo,
    frameIndex: number,
    prompts: PointPrompts,
  ): Promise<PromptedMask> {
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
  ): Promise<PromptedMask> {
    const { points, box, base, alternative } = prompts
    const isFirst = points.length <= (box === null ? 1 : 0)
    let previous: Float32Array | null
    if (isFirst) {
      previous = base === null ? null : baseLogits(base, this.#model.maskSize)
    } else {
      const before = { ...prompts, points: points.slice(0, -1) }
      previous = (await this.#stage(image, video, frameIndex, before)).maskLogits
    }
    const inputs = modelPoints(prompts, video, this.#model.imageSize)
    const candidates = await this.#model.decodePrompts(
      image,
      { ...inputs, ...(previous === null ? {} : { maskPrompt: bounded(previous) }) },
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

/** A mask that the person gave, as the model remembers it (`add_new_mask`). */
export async function givenMask(
  model: Sam2Model,
  image: ImageFeatures,
  mask: RunLengthMask,
): Promise<ChosenMask> {
  const size = model.imageSize
  const binary = resizeMaskAntialiased(decodeRunLength(mask), size, size).map((value) =>
    value >= 0.5 ? 1 : 0,
  )
  const present = binary.includes(1)
  const logits = binary.map((value) => (2 * value - 1) * givenLogit)
  return {
    maskLogits: resizeBilinearAntialiased(logits, size, size, model.maskSize, model.maskSize),
    pointer: present ? await model.pointerOfMask(image, binary) : model.noObjectPointer,
    objectScore: present ? givenLogit : -givenLogit,
    predictedIou: 1,
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

/** Box corners first, in model pixels. */
function modelPoints(
  { points, box }: PointPrompts,
  { widthPx, heightPx }: TrackedVideo,
  size: number,
): { coordinates: Float32Array; labels: number[] } {
  const corners = box
    ? [
        { x: box.left, y: box.top, label: pointLabels.boxTopLeft },
        { x: box.right, y: box.bottom, label: pointLabels.boxBottomRight },
      ]
    : []
  const all = [...corners, ...points]
  return {
    coordinates: Float32Array.from(
      all.flatMap(({ x, y }) => [
        Math.fround(Math.fround(x) / widthPx) * size,
        Math.fround(Math.fround(y) / heightPx) * size,
      ]),
    ),
    labels: all.map(({ label }) => label),
  }
}

function bounded(logits: Float32Array): Float32Array {
  return logits.map((value) => Math.min(Math.max(value, -previousLogitBound), previousLogitBound))
}
