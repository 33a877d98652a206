import type { ChosenMask } from '../../../models/sam2/mask-choice.ts'
import type { Sam2Model } from '../../../models/sam2/sam2-model.ts'
import type { RuntimeTensor } from '../../../models/runtime/tensor.ts'
import type { RunLengthMask } from '../../contract/mask.ts'
import { croppedRunLength } from '../masks/run-length-crop.ts'
import { decodeRunLength } from '../masks/run-length-mask.ts'
import type { PixelBox } from '../masks/run-length-measures.ts'
import type { Look } from './object-follower.ts'
import { givenMask, type PromptedObject } from './prompt-answers.ts'

/** What is kept of an object on a frame. */
export interface Impression {
  /** [1, T, memoryDim] */
  readonly memory: RuntimeTensor
  /** `contrastForeground`, [d]; null for an empty mask. */
  readonly appearance: Float32Array | null
}

/** What is kept of a frame that was prompted, as it was seen. */
export function memoryOfPrompted(model: Sam2Model, found: PromptedObject, look: Look): Promise<Impression> {
  const present = found.maskLogits.some((logit) => logit > 0)
  return look(found.view, async (image) => ({
    // The memory comes last: what fails before it leaves nothing on a device.
    appearance: await model.contrastForeground(image, found.maskLogits),
    memory: await model.encodeMemory(image, found.maskLogits, { fromPrompts: true, absent: !present }),
  }))
}

/** The stored mask of a tracked frame as the model remembers it. */
export function memoryOfTracked(
  model: Sam2Model,
  mask: RunLengthMask,
  view: PixelBox | null,
  look: Look,
): Promise<ChosenMask & Impression> {
  const part = decodeRunLength(view === null ? mask : croppedRunLength(mask, view))
  return look(view, async (image) => {
    const found = await givenMask(model, image, part)
    const facts = { fromPrompts: false, absent: found.objectScore <= 0 }
    return {
      ...found,
      appearance: await model.contrastForeground(image, found.maskLogits),
      memory: await model.encodeMemory(image, found.maskLogits, facts),
    }
  })
}
