import type { ChosenMask } from '../../../models/sam2/mask-choice.ts'
import { InferenceFailed } from '../../../models/runtime/session.ts'
import { Sam2Model } from '../../../models/sam2/sam2-model.ts'
import { resolveModel } from '../../../models/zoo/resolve-model.ts'
import type { PixelBox } from '../masks/run-length-measures.ts'
import { Appearances } from './appearances.ts'
import { promptRulesOf, type PromptRules } from './tracking-options.ts'
import { exclusiveMasks } from './exclusive-masks.ts'
import { FeatureCache, type FeatureSource } from './feature-cache.ts'
import type { Look } from './object-follower.ts'
import { PromptChain, type PromptScene } from './prompt-chain.ts'
import { stabilityOf } from './mask-stability.ts'
import { StageClock } from './stage-clock.ts'
import { TrackWalk } from './track-walk.ts'
import { maskInFrame } from './view-masks.ts'
import { TrackerNotLoaded, UnknownTrack } from './tracking-errors.ts'
import type {
  LoadedTracker,
  PromptAnswer,
  PromptQuestion,
  ScoredMask,
  StageTimes,
  TrackedVideo,
  TrackerModel,
  TrackerRequestName,
  TrackerRequests,
} from './tracker-protocol.ts'

interface Loaded {
  readonly model: Sam2Model
  readonly features: FeatureCache
  readonly chain: PromptChain
  readonly appearances: Appearances
  readonly clock: StageClock
}

type Handlers = {
  [Name in TrackerRequestName]: (
    params: TrackerRequests[Name]['params'],
  ) => Promise<TrackerRequests[Name]['result']>
}

export interface TrackerSource extends FeatureSource {
  /** The model does not run as it was asked to. */
  onNotice(sentence: string): void
}

/** All inference of the engine: one model, the features of pictures looked at last, and walks through videos. */
export class Tracker {
  readonly #source: TrackerSource
  readonly #walks = new Map<number, TrackWalk>()
  #loaded: Loaded | null = null

  constructor(source: TrackerSource) {
    this.#source = source
  }

  readonly handlers: Handlers = {
    load: (params) => this.#load(params),
    encode: async ({ video, frameIndex }) => {
      await this.#standing().features.use(video, frameIndex, () => {})
      return null
    },
    answer: (params) => this.#answer(params),
    remember: async ({ video, frameIndex, memory, frame, rules }) => {
      const scene = this.#scene(video, rules)
      await this.#standing().chain.remember(scene, frameIndex, frame ?? memory)
      return null
    },
    beginTrack: async ({ trackId, video, ...route }) => {
      this.#walks.set(trackId, new TrackWalk(this.#standing().model, video, route))
      return null
    },
    beginShot: async ({ trackId, frameIndex }) => {
      this.#walk(trackId).beginShot(frameIndex)
      return null
    },
    condition: async ({ trackId, objectId, frameIndex, prompts }) => {
      const walk = this.#walk(trackId)
      const scene = this.#scene(walk.video, promptRulesOf(walk.tracking))
      // Offers that were not taken are not kept with the memory.
      const {
        offers: _,
        chosenOffer: __,
        ...found
      } = await this.#standing().chain.answer(scene, frameIndex, prompts, null)
      await walk.condition(objectId, frameIndex, scene.lookAt(frameIndex), found)
      return null
    },
    recall: async ({ trackId, objectId, frame }) => {
      const walk = this.#walk(trackId)
      await walk.recall(objectId, frame, this.#look(walk.video, frame.frameIndex))
      return null
    },
    step: async ({ trackId, objectId, frameIndex, conditioningFrames }) => {
      const walk = this.#walk(trackId)
      const look = this.#look(walk.video, frameIndex)
      return this.#scored(await walk.step(objectId, frameIndex, look, conditioningFrames), walk.video)
    },
    divide: async ({ trackId, objectIds, frameIndex }) => {
      const walk = this.#walk(trackId)
      const found = walk.found(objectIds, frameIndex)
      const seen = found.map(({ record }) => record)
      const masks = exclusiveMasks(seen, this.#standing().model.maskSize, walk.video)
      return found.map(({ objectId }, place) => ({ objectId, mask: masks[place]! }))
    },
    endTrack: async ({ trackId }) => {
      this.#walks.get(trackId)?.dispose()
      this.#walks.delete(trackId)
      return null
    },
    learn: (params) => this.#standing().appearances.learn(params),
    seek: async (params) => {
      const found = await this.#standing().appearances.seek(params)
      return { ...this.#scored(found, params.video), similarity: found.similarity }
    },
    confirm: (params) => this.#standing().appearances.confirm(params),
    forget: async ({ appearanceId }) => {
      this.#loaded?.appearances.forget(appearanceId)
      return null
    },
    stageTimes: async (): Promise<StageTimes> => this.#loaded?.clock.means() ?? {},
  }

  /** Loads a model in place of the one before. Where it does not run on the device, it runs on the processor. */
  async #load(wanted: TrackerModel): Promise<LoadedTracker> {
    for (const walk of this.#walks.values()) walk.dispose()
    this.#walks.clear()
    const before = this.#loaded
    this.#loaded = null
    before?.appearances.clear()
    before?.chain.clear()
    before?.features.clear()
    // A device that is lost may not even let go.
    await before?.model.dispose().catch(() => {})
    const { name, checkpoint, configuration } = await resolveModel(wanted.model, wanted.modelsFolder)
    const sized = { ...configuration, imageSize: wanted.inputSizePx }
    const stand = async (device: TrackerModel['device']): Promise<void> => {
      const clock = new StageClock()
      const model = await Sam2Model.load(checkpoint, sized, {
        ...{ device, precision: wanted.precision, onRun: clock.add },
        onNotice: (sentence) => {
          this.#source.onNotice(sentence)
        },
      })
      // Graphs are made when they are first needed; only a device that may refuse them is asked for all at once.
      if (device !== 'cpu') {
        await model.warmUp().catch(async (error: unknown) => {
          await model.dispose().catch(() => {})
          throw error
        })
      }
      const features = new FeatureCache(model, this.#source, wanted.featureBytes)
      const appearances = new Appearances({ model, features })
      this.#loaded = { model, features, chain: new PromptChain(model), appearances, clock }
    }
    try {
      await stand(wanted.device)
      return { name, inputSizePx: wanted.inputSizePx, device: wanted.device, fallback: null }
    } catch (error) {
      if (wanted.device === 'cpu' || !(error instanceof InferenceFailed)) throw error
      await stand('cpu')
      const fallback = `The model does not run on ${wanted.device}, so it runs on the processor. ${error.message}`
      return { name, inputSizePx: wanted.inputSizePx, device: 'cpu', fallback }
    }
  }

  async #answer(question: PromptQuestion): Promise<PromptAnswer> {
    const { video, frameIndex, prompts, memory, rules } = question
    const scene = this.#scene(video, rules)
    const found = await this.#standing().chain.answer(scene, frameIndex, prompts, memory)
    const scored = this.#scored(found, video)
    return {
      ...scored,
      alternatives: found.offers.map((offer) => ({
        mask: maskInFrame(offer, this.#standing().model.maskSize, video),
        predictedIou: unit(offer.predictedIou),
      })),
      chosenAlternative: found.chosenOffer,
    }
  }

  #scene(video: TrackedVideo, rules: PromptRules): PromptScene {
    return { video, rules, lookAt: (frameIndex) => this.#look(video, frameIndex) }
  }

  /** The features of a frame, or of a part of it. */
  #look(video: TrackedVideo, frameIndex: number): Look {
    const { features } = this.#standing()
    return (view, work, other) =>
      features.use(video, other?.frameIndex ?? frameIndex, work, {
        view,
        isMirrored: other?.isMirrored ?? false,
      })
  }

  #scored(found: ChosenMask & { readonly view?: PixelBox | null }, video: TrackedVideo): ScoredMask {
    const { maskLogits, objectScore, predictedIou, view = null } = found
    return {
      mask: maskInFrame({ maskLogits, view }, this.#standing().model.maskSize, video),
      objectScore,
      predictedIou: unit(predictedIou),
      stability: stabilityOf(maskLogits),
    }
  }

  #standing(): Loaded {
    if (this.#loaded === null) throw new TrackerNotLoaded()
    return this.#loaded
  }

  #walk(trackId: number): TrackWalk {
    const walk = this.#walks.get(trackId)
    if (walk === undefined) throw new UnknownTrack()
    return walk
  }
}

function unit(value: number): number {
  return Number.isFinite(value) ? Math.min(Math.max(value, 0), 1) : 0
}
