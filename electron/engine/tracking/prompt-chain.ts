import { chooseMask, type MaskCandidates } from '../../../models/sam2/mask-choice.ts'
import type { ImageFeatures } from '../../../models/sam2/image-features.ts'
import type { Sam2Model, SeenWith } from '../../../models/sam2/sam2-model.ts'
import type { RunLengthMask } from '../../contract/mask.ts'
import { decodeRunLength } from '../masks/run-length-mask.ts'
import type { PixelBox } from '../masks/run-length-measures.ts'
import { foregroundIou } from './foreground-iou.ts'
import { FrameMemories, type MemoryScene } from './frame-memories.ts'
import { goesOnFrom, heedsPoints } from './heeded-points.ts'
import type { Look } from './object-follower.ts'
import type { PointInputs } from './object-track.ts'
import { baseLogits, inputsOf, insideFrame, type PointPrompts } from './point-prompts.ts'
import { answerMask, answerNearer, boundedLogits, type PromptedObject } from './prompt-answers.ts'
import { steadied } from './mean-candidates.ts'
import { pointsInView } from './prompt-views.ts'
import type { PromptRules } from './tracking-options.ts'
import type {
  FramePrompts,
  RememberedMask,
  RememberedPrompts,
  StoredMemory,
  TrackedVideo,
} from './tracker-protocol.ts'

/** What prompts come to. */
export interface PromptedMask extends PromptedObject {
  /** All that the model offers for a single point, in its order; empty where it has one opinion only. */
  readonly offers: readonly PromptedObject[]
  readonly chosenOffer: number | null
}

/** Frames of a video on which prompts are answered. */
export interface PromptScene {
  readonly video: TrackedVideo
  readonly rules: PromptRules
  lookAt(frameIndex: number): Look
}

/** How the model sees the frame that is asked about. */
interface Sight {
  readonly video: TrackedVideo
  readonly frameIndex: number
  /** Whether a single point is answered by the mean of the candidates that agree. */
  readonly isSelective: boolean
  readonly image: ImageFeatures
  readonly view: PixelBox | null
  /** Names all that the answer goes by beside the prompts. */
  readonly key: string
  readonly seenWith: SeenWith
  /** What the model tracks there by itself, [s, s]; null where it was not asked. */
  readonly trackedLogits: Float32Array | null
}

interface Question {
  readonly prompts: PointPrompts
  /** In pixels of the model's picture. */
  readonly inputs: PointInputs
  /** The mask to be refined, [s, s]. */
  readonly previous: Float32Array | null
}

const keptAnswers = 64
/** A mask that is tracked anew and is so much like the stored one is that one, with its logits. */
const sameMaskIou = 0.9

/**
 * Answers the prompts of a frame as if they were given one after the other: each answer's logits go into the next, as
 * the official predictor does with clicks. Since it always starts anew from what was tracked before, the same prompts
 * give the same mask, after undo or a restart too; answers on the way are kept, so that one more click costs one more run.
 * Where prompts correct what was tracked, the frame is seen with the memory bank of that walk, as by the predictor.
 */
export class PromptChain {
  readonly #model: Sam2Model
  readonly #memories: FrameMemories
  /** Least recently used first. */
  readonly #kept = new Map<string, Promise<PromptedMask>>()

  constructor(model: Sam2Model) {
    this.#model = model
    this.#memories = new FrameMemories(model)
  }

  /** Makes ready what the answers on a tracked frame are seen with, or one frame of it. */
  remember(
    scene: PromptScene,
    frameIndex: number,
    wanted: StoredMemory | RememberedPrompts | RememberedMask,
  ): Promise<void> {
    const memoryScene = this.#memoryScene(scene, frameIndex)
    return 'reverse' in wanted
      ? this.#memories.use(memoryScene, wanted, () => {})
      : this.#memories.remember(memoryScene, wanted)
  }

  /** Frees what is kept. */
  clear(): void {
    this.#memories.clear()
    this.#kept.clear()
  }

  /**
   * The answer as it is shown and as a walk is conditioned on it.
   * @param memory what the object was known by where the prompts correct what was tracked; null elsewhere
   */
  async answer(
    scene: PromptScene,
    frameIndex: number,
    prompts: FramePrompts,
    memory: StoredMemory | null,
  ): Promise<PromptedMask> {
    const { video, rules } = scene
    const look = scene.lookAt(frameIndex)
    const prompted = { model: this.#model, frame: video, rules, look }
    if (prompts.kind === 'mask')
      return { ...(await answerMask(prompted, decodeRunLength(prompts.mask))), offers: [], chosenOffer: null }
    const placed = insideFrame(prompts, video)
    const { isSelective } = rules
    const key = JSON.stringify([video.contentId, frameIndex, isSelective, memory && rules, memory])
    const place = { video, frameIndex, isSelective, key }
    if (memory !== null) {
      const { view } = memory
      return this.#memories.use(
        this.#memoryScene(scene, frameIndex),
        memory,
        ({ conditioned, trackedLogits }) =>
          look(view, (image) => {
            const seenWith = { conditioned, addNoMemory: false }
            return this.#stage({ ...place, image, view, trackedLogits, seenWith }, placed)
          }),
      )
    }
    const seenWith = { addNoMemory: true }
    const whole = await look(null, (image) =>
      this.#stage({ ...place, image, view: null, trackedLogits: null, seenWith }, placed),
    )
    const inputs = inputsOf(placed)
    // An offer that a person chose is no longer one of several.
    const isAmbiguous = inputs.labels.length <= 1 && prompts.alternative === null
    return {
      ...whole,
      ...(await answerNearer(prompted, { inputs, isAmbiguous, seenWith: () => seenWith }, whole)),
    }
  }

  /** Other frames are known by what was said of them, not by what they in turn were known by. */
  #memoryScene(scene: PromptScene, frameIndex: number): MemoryScene {
    return {
      ...{ ...scene, frameIndex },
      answerOf: (prompted) => this.answer(scene, prompted.frameIndex, prompted.prompts, null),
    }
  }

  #stage(sight: Sight, prompts: PointPrompts): Promise<PromptedMask> {
    const key = `${sight.key} ${JSON.stringify(prompts)}`
    const known = this.#kept.get(key)
    this.#kept.delete(key)
    const answer = known ?? this.#decode(sight, prompts)
    this.#kept.set(key, answer)
    answer.catch(() => this.#kept.delete(key))
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= keptAnswers) break
      this.#kept.delete(oldest)
    }
    return answer
  }

  async #decode(sight: Sight, prompts: PointPrompts): Promise<PromptedMask> {
    const { image, video, view } = sight
    const { points, box, base, alternative } = prompts
    const isFirst = points.length <= (box === null ? 1 : 0)
    let previous: Float32Array | null
    if (isFirst) {
      previous = base === null ? null : this.#logitsBeneath(sight, base)
    } else {
      const before = { ...prompts, points: points.slice(0, -1) }
      previous = (await this.#stage(sight, before)).maskLogits
    }
    const inputs = pointsInView(inputsOf(prompts), view, video, this.#model.imageSize)
    const decode = async (seenWith: SeenWith): Promise<PromptedMask> => {
      const asked = { ...inputs, ...(previous === null ? {} : { maskPrompt: boundedLogits(previous) }) }
      const candidates = await this.#model.decodePrompts(image, asked, seenWith)
      return this.#choose(candidates, prompts, sight)
    }
    const answer = await this.#heeding(sight, { prompts, inputs, previous }, decode)
    const taken = alternative === null ? undefined : answer.offers[alternative]
    return taken === undefined ? answer : { ...answer, ...taken, chosenOffer: alternative }
  }

  /**
   * The answer as it is seen with the memory bank. Where the bank outweighs the click, as it does where all that was
   * tracked is wrong, the picture alone may answer, if it goes on from what stood as the click asks.
   */
  async #heeding(
    { seenWith }: Sight,
    { prompts, inputs, previous }: Question,
    decode: (seenWith: SeenWith) => Promise<PromptedMask>,
  ): Promise<PromptedMask> {
    const { maskSize, imageSize } = this.#model
    const heeds = ({ maskLogits }: PromptedMask): boolean =>
      heedsPoints(maskLogits, maskSize, inputs, imageSize)
    const answer = await decode(seenWith)
    const newest = prompts.points.at(-1)
    if (seenWith.conditioned === undefined || newest === undefined || heeds(answer)) return answer
    const alone = await decode({ addNoMemory: true })
    const goesOn = previous === null || goesOnFrom(previous, alone.maskLogits, newest.label)
    return heeds(alone) && goesOn ? alone : answer
  }

  /** The model's choice among its candidates, with what else it offers for a single point. */
  #choose(
    offered: MaskCandidates,
    { points, box }: PointPrompts,
    { view, isSelective }: Sight,
  ): PromptedMask {
    const hasOffers = points.length === 1 && box === null
    const candidates = hasOffers && isSelective ? steadied(offered) : offered
    // Whoever points at an object says that it is there.
    const isPointedAt = box !== null || points.some(({ label }) => label === 1)
    const seen = isPointedAt
      ? { ...candidates, objectScore: Math.max(candidates.objectScore, Number.MIN_VALUE) }
      : candidates
    const own = chooseMask(seen, hasOffers, this.#model.noObjectPointer)
    const offers = hasOffers && seen.objectScore > 0 ? offersOf(candidates, view) : []
    const ownOffer = offers.findIndex(({ maskLogits }) => maskLogits === own.maskLogits)
    const { objectScore } = candidates
    return { ...own, objectScore, view, offers, chosenOffer: ownOffer < 0 ? null : ownOffer }
  }

  /** The mask that prompts correct, [s, s]: the model's own logits where it tracks the same mask there. */
  #logitsBeneath({ view, trackedLogits }: Sight, base: RunLengthMask): Float32Array | null {
    const given = baseLogits(base, this.#model.maskSize, view)
    if (given === null || trackedLogits === null) return given
    return foregroundIou(trackedLogits, given) > sameMaskIou ? trackedLogits : given
  }
}

/** The three masks of the multimask output; the first token is the single mask. */
function offersOf(
  { firstToken, maskLogits, ious, objectScore, pointers }: MaskCandidates,
  view: PixelBox | null,
): PromptedObject[] {
  return [1, 2, 3].map((token) => ({
    maskLogits: maskLogits[token - firstToken]!,
    pointer: pointers[token - firstToken]!,
    objectScore,
    predictedIou: ious[token]!,
    view,
  }))
}
