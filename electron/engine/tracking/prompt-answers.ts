import { chooseMask, type ChosenMask } from '../../../models/sam2/mask-choice.ts'
import type { ImageFeatures } from '../../../models/sam2/image-features.ts'
import type { Sam2Model, SeenWith } from '../../../models/sam2/sam2-model.ts'
import type { BinaryMask } from '../masks/binary-mask.ts'
import { croppedMask, maskBox } from '../masks/mask-crop.ts'
import { resizeBilinearAntialiased, resizeMaskAntialiased } from '../masks/resize-antialiased.ts'
import type { PixelBox } from '../masks/run-length-measures.ts'
import { promptView, type FrameSize } from './follow-zoom.ts'
import type { Look } from './object-follower.ts'
import { steadied } from './mean-candidates.ts'
import type { PointInputs } from './object-track.ts'
import { logitsInView, pointsInView } from './prompt-views.ts'
import type { PromptRules } from './tracking-options.ts'
import { boxInFrame } from './view-masks.ts'

/** A frame on which prompts are answered. */
export interface PromptedScene {
  readonly model: Sam2Model
  readonly frame: FrameSize
  readonly rules: PromptRules
  readonly look: Look
}

/** What a prompt comes to, and the part of the frame in which it was seen; null for all of it. */
export interface PromptedObject extends ChosenMask {
  readonly view: PixelBox | null
}

export interface PointQuestion {
  readonly inputs: PointInputs
  /** Among several masks the model's best is meant, not its single one. */
  readonly isAmbiguous: boolean
  /** The memories that the frame is seen with; asked for when the features are there. */
  readonly seenWith: () => SeenWith
}

const previousLogitBound = 32
/** Logits of a mask that was given, as the official predictor writes them. */
export const givenLogit = 10

/** Answers points, with the logits of the answer before as mask prompt, as they are seen in a view. */
export async function answerPoints(
  { model, frame, rules, look }: PromptedScene,
  { inputs, isAmbiguous, seenWith }: PointQuestion,
  view: PixelBox | null,
  before: Float32Array | undefined,
): Promise<PromptedObject> {
  const prompts = {
    ...pointsInView(inputs, view, frame, model.imageSize),
    ...(before ? { maskPrompt: boundedLogits(before) } : {}),
  }
  const candidates = await look(view, (image) => model.decodePrompts(image, prompts, seenWith()))
  const answered = isAmbiguous && rules.isSelective ? steadied(candidates) : candidates
  return { ...chooseMask(answered, isAmbiguous, model.noObjectPointer), view }
}

/**
 * The answer to points on the whole frame as it is from nearer by, where the object is small: what was meant has been
 * settled, and goes along as mask prompt; in the view alone, the same click could mean a part of it. Where nothing is
 * seen there, the answer stays as it is.
 */
export async function answerNearer(
  scene: PromptedScene,
  question: PointQuestion,
  whole: ChosenMask,
): Promise<PromptedObject> {
  const { model, frame } = scene
  const answer = { ...whole, view: null }
  const view = viewOf(scene, boxInFrame(answer, model.maskSize, frame))
  if (view === null) return answer
  const meant = logitsInView(whole.maskLogits, model.maskSize, view, frame)
  const nearer = await answerPoints(scene, question, view, meant)
  return nearer.maskLogits.some((logit) => logit > 0) ? nearer : answer
}

/** A mask of a frame that was given, as it is seen: a small one from nearer by. One of another size is brought to the frame's. */
export async function answerMask(scene: PromptedScene, mask: BinaryMask): Promise<PromptedObject> {
  const { frame, model, look } = scene
  const isOfFrame = mask.widthPx === frame.widthPx && mask.heightPx === frame.heightPx
  const view = isOfFrame ? viewOf(scene, maskBox(mask)) : null
  const part = view === null ? mask : croppedMask(mask, view)
  return { ...(await look(view, (image) => givenMask(model, image, part))), view }
}

/**
 * A mask that was given, as the model remembers it (`add_new_mask`).
 * @param mask of what the model sees; any size
 */
export async function givenMask(
  model: Sam2Model,
  image: ImageFeatures,
  mask: BinaryMask,
): Promise<ChosenMask> {
  const size = model.imageSize
  const binary = resizeMaskAntialiased(mask, size, size).map((value) => (value >= 0.5 ? 1 : 0))
  const present = binary.includes(1)
  const logits = binary.map((value) => (2 * value - 1) * givenLogit)
  return {
    maskLogits: resizeBilinearAntialiased(logits, size, size, model.maskSize, model.maskSize),
    pointer: present ? await model.pointerOfMask(image, binary) : model.noObjectPointer,
    objectScore: present ? givenLogit : -givenLogit,
    predictedIou: 1,
  }
}

export function boundedLogits(logits: Float32Array): Float32Array {
  return logits.map((value) => Math.min(Math.max(value, -previousLogitBound), previousLogitBound))
}

function viewOf({ model, frame, rules }: PromptedScene, box: PixelBox | null): PixelBox | null {
  return rules.followZoom && box !== null ? promptView(box, frame, model.imageSize) : null
}
