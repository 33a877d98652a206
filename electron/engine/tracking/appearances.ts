import type { Sam2Model } from '../../../models/sam2/sam2-model.ts'
import { decodeRunLength } from '../masks/run-length-mask.ts'
import type { FeatureCache } from './feature-cache.ts'
import { foregroundIou } from './foreground-iou.ts'
import { ObjectAppearance, type SoughtMask } from './object-appearance.ts'
import { givenMask } from './prompt-answers.ts'
import type { TrackerRequests } from './tracker-protocol.ts'
import { UnknownTrack } from './tracking-errors.ts'

interface AppearancesOptions {
  readonly model: Sam2Model
  readonly features: FeatureCache
}

type Params<Name extends keyof TrackerRequests> = TrackerRequests[Name]['params']

/** What is known of how objects look, to find them in other videos. */
export class Appearances {
  readonly #options: AppearancesOptions
  readonly #known = new Map<number, ObjectAppearance>()

  constructor(options: AppearancesOptions) {
    this.#options = options
  }

  /** Learns an object from examples. @returns what the model says of it where it is known to be, on the mean */
  async learn({ appearanceId, examples }: Params<'learn'>): Promise<TrackerRequests['learn']['result']> {
    const { model, features } = this.#options
    this.forget(appearanceId)
    const appearance = new ObjectAppearance(model)
    this.#known.set(appearanceId, appearance)
    for (const { video, frameIndex, mask } of examples) {
      await features.use(video, frameIndex, async (image) => {
        await appearance.learn(
          { video, frameIndex },
          image,
          await givenMask(model, image, decodeRunLength(mask)),
        )
      })
    }
    let predictedIou = 0
    let objectScore = 0
    let agreement = 0
    for (const [index, { video, frameIndex }] of appearance.places.entries()) {
      const found = await features.use(video, frameIndex, (image) => appearance.seek(image))
      predictedIou += found.predictedIou / examples.length
      objectScore += found.objectScore / examples.length
      agreement += foregroundIou(found.maskLogits, appearance.logitsAt(index)) / examples.length
    }
    return { predictedIou, objectScore, agreement }
  }

  /** Looks for an object on a frame. */
  seek({ appearanceId, video, frameIndex }: Params<'seek'>): Promise<SoughtMask> {
    const appearance = this.#appearance(appearanceId)
    return this.#options.features.use(video, frameIndex, (image) => appearance.seek(image))
  }

  /**
   * The way back: what is found on a frame becomes the only memory, and the examples are looked for with it.
   * @returns IoU of what it finds there with what is known, the mean over the examples, 0 to 1
   */
  async confirm({ appearanceId, video, frameIndex }: Params<'confirm'>): Promise<number> {
    const { model, features } = this.#options
    const appearance = this.#appearance(appearanceId)
    const back = new ObjectAppearance(model)
    try {
      await features.use(video, frameIndex, async (image) => {
        const found = await appearance.seek(image)
        if (found.maskLogits.some((logit) => logit > 0)) await back.learn({ video, frameIndex }, image, found)
      })
      if (back.places.length === 0) return 0
      const agreements: number[] = []
      for (const [index, place] of appearance.places.entries()) {
        const found = await features.use(place.video, place.frameIndex, (image) => back.seek(image))
        agreements.push(foregroundIou(found.maskLogits, appearance.logitsAt(index)))
      }
      return agreements.reduce((sum, agreement) => sum + agreement, 0) / agreements.length
    } finally {
      back.dispose()
    }
  }

  forget(appearanceId: number): void {
    this.#known.get(appearanceId)?.dispose()
    this.#known.delete(appearanceId)
  }

  /** Frees all that is known. */
  clear(): void {
    for (const appearance of this.#known.values()) appearance.dispose()
    this.#known.clear()
  }

  #appearance(appearanceId: number): ObjectAppearance {
    const appearance = this.#known.get(appearanceId)
    if (appearance === undefined) throw new UnknownTrack()
    return appearance
  }
}
