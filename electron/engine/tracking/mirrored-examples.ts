import type { Sam2Model } from '../../../models/sam2/sam2-model.ts'
import { GIVEN_FRAME, type FrameRecord } from './frame-record.ts'
import type { Look } from './object-follower.ts'
import { givenMask } from './prompt-answers.ts'
import { mirroredRows } from './view-masks.ts'

/**
 * Conditioning frames as they are in a mirror: another shot may show an object from its other side. They are made when a
 * shot without prompts is first looked at, and can be made again from the records at any time.
 */
export class MirroredExamples {
  readonly #model: Sam2Model
  /** It owns their memories. */
  readonly #known = new Map<FrameRecord, FrameRecord>()

  constructor(model: Sam2Model) {
    this.#model = model
  }

  /** A conditioning frame's record with the memory and the pointer of its mirrored picture. */
  async of(frameIndex: number, record: FrameRecord, look: Look): Promise<FrameRecord> {
    const known = this.#known.get(record)
    if (known !== undefined) return known
    const model = this.#model
    const mirrored = await look(
      record.view,
      async (image) => {
        const logits = mirroredRows(record.maskLogits, model.maskSize)
        const data = Uint8Array.from(logits, (logit) => (logit > 0 ? 1 : 0))
        const given = await givenMask(model, image, {
          widthPx: model.maskSize,
          heightPx: model.maskSize,
          data,
        })
        const facts = { fromPrompts: true, absent: given.objectScore <= 0 }
        return { ...GIVEN_FRAME, ...given, memory: await model.encodeMemory(image, given.maskLogits, facts) }
      },
      { frameIndex, isMirrored: true },
    )
    this.#known.set(record, mirrored)
    return mirrored
  }

  /** Frees what the memories hold on a device. */
  dispose(): void {
    for (const { memory } of this.#known.values()) memory?.dispose()
    this.#known.clear()
  }
}
