import { chooseMask, type ChosenMask } from '../../../models/sam2/mask-choice.ts'
import type { ImageFeatures } from '../../../models/sam2/image-features.ts'
import type { ConditioningInputs } from '../../../models/sam2/memory-stage.ts'
import type { Sam2Model } from '../../../models/sam2/sam2-model.ts'
import { GIVEN_FRAME, type FrameRecord } from './frame-record.ts'
import { cosine } from './resemblance.ts'
import type { TrackedVideo } from './tracker-protocol.ts'

/** A frame of a video with what was said of the object there. */
export interface ExamplePlace {
  readonly video: TrackedVideo
  readonly frameIndex: number
}

interface Example extends ExamplePlace {
  readonly record: FrameRecord
  /** What it looks like, [d]. */
  readonly descriptor: Float32Array | null
}

/** What was found in a picture, and how much it looks like what is looked for. */
export interface SoughtMask extends ChosenMask {
  /** Cosine to the likest example's mean feature, -1 to 1; 0 where nothing was found. */
  readonly similarity: number
}

/**
 * How an object looks, learnt from frames of one or several videos and of use in any other: the memories of the frames
 * are what memory attention takes as those of conditioning frames (time code 0, `maskmem_tpos_enc` of its own), with
 * their pointers as near as a pointer can be. No place in a video is in them but the one in the picture.
 */
export class ObjectAppearance {
  readonly #model: Sam2Model
  readonly #examples: Example[] = []

  constructor(model: Sam2Model) {
    this.#model = model
  }

  get places(): readonly ExamplePlace[] {
    return this.#examples
  }

  /** Takes a frame in which the object is known. */
  async learn(place: ExamplePlace, image: ImageFeatures, found: ChosenMask): Promise<void> {
    // The memory comes last: what fails before it leaves nothing on a device.
    const descriptor = await this.#model.describeForeground(image, found.maskLogits)
    const memory = await this.#model.encodeMemory(image, found.maskLogits, {
      fromPrompts: true,
      absent: false,
    })
    this.#examples.push({
      ...place,
      record: { ...found, memory, ...GIVEN_FRAME },
      descriptor,
    })
  }

  /** The mask that the example of a place was learnt with, [S/4, S/4] logits. */
  logitsAt(index: number): Float32Array {
    return this.#examples[index]!.record.maskLogits
  }

  /** Looks for the object in a picture of any video. */
  async seek(image: ImageFeatures): Promise<SoughtMask> {
    const candidates = await this.#model.decodeTracked(image, this.#bank())
    const found = chooseMask(candidates, true, this.#model.noObjectPointer)
    const descriptor = await this.#model.describeForeground(image, found.maskLogits)
    const similarities = this.#examples.map((example) =>
      example.descriptor === null || descriptor === null ? 0 : cosine(example.descriptor, descriptor),
    )
    return { ...found, similarity: Math.max(...similarities) }
  }

  /** Frees what its memories hold on a device. */
  dispose(): void {
    for (const { record } of this.#examples) record.memory?.dispose()
    this.#examples.length = 0
  }

  #bank(): ConditioningInputs {
    const records = this.#examples.map(({ record }) => record)
    const { numMaskMemories } = this.#model.configuration
    return {
      memories: records.flatMap(({ memory }) => (memory === null ? [] : [memory])),
      memoryTimes: records.map(() => numMaskMemories - 1),
      pointers: records.map(({ pointer }) => pointer),
      pointerDistances: records.map(() => nearestPointerDistance),
    }
  }
}

/** One frame of the sixteen that pointers reach (`max_obj_ptrs_in_encoder`). */
const nearestPointerDistance = 1 / 15
