import { z } from 'zod'
import { LIMITS } from './limits.ts'
import { runLengthMaskSchema } from './mask.ts'
import { coordinateSchema, frameIndexSchema, idSchema, unitIntervalSchema } from './scalars.ts'

/** 1 belongs to the object, 0 does not. */
export const pointLabelSchema = z.union([z.literal(0), z.literal(1)])

/** Source pixels; right and bottom are beyond left and top. */
export const boxSchema = z
  .strictObject({
    left: coordinateSchema,
    top: coordinateSchema,
    right: coordinateSchema,
    bottom: coordinateSchema,
  })
  .refine((box) => box.right > box.left && box.bottom > box.top, 'must have a width and a height')
export type Box = z.infer<typeof boxSchema>

/** How a mask prompt came to be. */
export const maskPromptOriginSchema = z.enum(['brush', 'eraser', 'lasso', 'import', 'carry'])

const promptPlace = {
  id: idSchema,
  videoId: idSchema,
  objectId: idSchema,
  frameIndex: frameIndexSchema,
}

/**
 * A prompt of one object on one frame of one video. A frame that carries prompts is a keyframe (a conditioning frame of
 * the model). It holds either points and at most one box, or exactly one mask: setting one kind clears the other, as
 * the model itself does.
 */
export const promptSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('point'),
    ...promptPlace,
    x: coordinateSchema,
    y: coordinateSchema,
    label: pointLabelSchema,
  }),
  z.strictObject({ kind: z.literal('box'), ...promptPlace, box: boxSchema }),
  z.strictObject({
    kind: z.literal('mask'),
    ...promptPlace,
    mask: runLengthMaskSchema,
    origin: maskPromptOriginSchema,
  }),
])
export type Prompt = z.infer<typeof promptSchema>

/** One of several masks that the model offers for the same prompts. */
export const alternativeSchema = z.strictObject({
  mask: runLengthMaskSchema,
  predictedIou: unitIntervalSchema,
})
export type Alternative = z.infer<typeof alternativeSchema>

/** Which alternative the person chose on a keyframe; kept so that tracking starts from the same mask. */
export const alternativeChoiceSchema = z.strictObject({
  id: idSchema,
  videoId: idSchema,
  objectId: idSchema,
  frameIndex: frameIndexSchema,
  /** Position in the order in which the model offered them. */
  alternative: z.int().min(0).max(15),
})
export type AlternativeChoice = z.infer<typeof alternativeChoiceSchema>

export const alternativesSchema = z.array(alternativeSchema).max(16)
export const promptListSchema = z.array(promptSchema).max(LIMITS.prompts)
