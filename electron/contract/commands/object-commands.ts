import { z } from 'zod'
import { edit, query, revisionResultSchema } from '../command.ts'
import { LIMITS } from '../limits.ts'
import { runLengthMaskSchema } from '../mask.ts'
import { cleanupSchema } from '../project.ts'
import { alternativesSchema, boxSchema, maskPromptOriginSchema, pointLabelSchema } from '../prompts.ts'
import {
  colourSchema,
  coordinateSchema,
  frameIndexSchema,
  frameSpanSchema,
  idSchema,
  nameSchema,
  objectIdsSchema,
  revisionSchema,
  unitIntervalSchema,
} from '../scalars.ts'
import { frameMaskSchema } from '../tracking.ts'

const objectResult = z.strictObject({ revision: revisionSchema, objectId: idSchema })

/** A frame of an object in a video. */
const place = { videoId: idSchema, objectId: idSchema, frameIndex: frameIndexSchema }

/**
 * Answer to a prompt. The prompt is stored when this arrives; `answer` is null when no model could answer (then a
 * notice says why) or when nothing is left to ask it.
 */
const promptResult = z.strictObject({
  revision: revisionSchema,
  promptId: idSchema.nullable(),
  answer: z
    .strictObject({
      mask: frameMaskSchema,
      /** In the order in which the model offers them; one or none where it has only one opinion. */
      alternatives: alternativesSchema,
      chosenAlternative: z.int().min(0).max(15).nullable(),
    })
    .nullable(),
})

export const objectCommands = {
  /** What is left out gets the next free name and colour. */
  'object.add': edit(
    z.strictObject({
      name: nameSchema.optional(),
      colour: colourSchema.optional(),
      classId: idSchema.nullable().optional(),
    }),
    objectResult,
  ),
  'object.rename': edit(z.strictObject({ objectId: idSchema, name: nameSchema }), revisionResultSchema),
  'object.recolour': edit(z.strictObject({ objectId: idSchema, colour: colourSchema }), revisionResultSchema),
  'object.setClass': edit(
    z.strictObject({ objectIds: objectIdsSchema, classId: idSchema.nullable() }),
    revisionResultSchema,
  ),
  'object.setVisibility': edit(
    z.strictObject({ objectIds: objectIdsSchema, visible: z.boolean() }),
    revisionResultSchema,
  ),
  'object.setLock': edit(
    z.strictObject({ objectIds: objectIdsSchema, locked: z.boolean() }),
    revisionResultSchema,
  ),
  'object.setCleanup': edit(
    z.strictObject({ objectIds: objectIdsSchema, cleanup: cleanupSchema }),
    revisionResultSchema,
  ),
  /** All objects in their new order. */
  'object.reorder': edit(z.strictObject({ objectIds: objectIdsSchema }), revisionResultSchema),
  'object.duplicate': edit(z.strictObject({ objectId: idSchema }), objectResult),
  'object.delete': edit(z.strictObject({ objectIds: objectIdsSchema }), revisionResultSchema),
  /** Joins the masks and prompts of `fromObjectIds` into `objectId` and deletes them. */
  'object.merge': edit(
    z.strictObject({ objectId: idSchema, fromObjectIds: objectIdsSchema }),
    revisionResultSchema,
  ),

  'class.add': edit(
    z.strictObject({ name: nameSchema }),
    z.strictObject({ revision: revisionSchema, classId: idSchema }),
  ),
  'class.rename': edit(z.strictObject({ classId: idSchema, name: nameSchema }), revisionResultSchema),
  'class.reorder': edit(
    z.strictObject({ classIds: z.array(idSchema).min(1).max(LIMITS.classes) }),
    revisionResultSchema,
  ),
  /** Its objects are left without a class. */
  'class.delete': edit(z.strictObject({ classId: idSchema }), revisionResultSchema),

  'prompt.addPoint': edit(
    z.strictObject({ ...place, x: coordinateSchema, y: coordinateSchema, label: pointLabelSchema }),
    promptResult,
  ),
  'prompt.movePoint': edit(
    z.strictObject({ promptId: idSchema, x: coordinateSchema, y: coordinateSchema }),
    promptResult,
  ),
  'prompt.setLabel': edit(z.strictObject({ promptId: idSchema, label: pointLabelSchema }), promptResult),
  'prompt.setBox': edit(z.strictObject({ ...place, box: boxSchema }), promptResult),
  /** The result of a brush, eraser or lasso stroke, at source size: it becomes the frame's mask prompt. */
  'prompt.setMask': edit(
    z.strictObject({ ...place, mask: runLengthMaskSchema, origin: maskPromptOriginSchema }),
    promptResult,
  ),
  'prompt.delete': edit(z.strictObject({ promptId: idSchema }), promptResult),
  /** All prompts of an object on a frame; its mask there goes, too, unless it was tracked. */
  'prompt.clearFrame': edit(z.strictObject(place), promptResult),
  'alternatives.list': query(z.strictObject(place), z.strictObject({ alternatives: alternativesSchema })),
  'alternatives.choose': edit(
    z.strictObject({ ...place, alternative: z.int().min(0).max(15) }),
    promptResult,
  ),
  /**
   * The mask that a point would give, not stored. Only the newest preview is worth computing: a superseded one is
   * answered with null.
   */
  'preview.mask': query(
    z.strictObject({
      videoId: idSchema,
      frameIndex: frameIndexSchema,
      /** With an object, its prompts on the frame count, too. */
      objectId: idSchema.nullable(),
      x: coordinateSchema,
      y: coordinateSchema,
      label: pointLabelSchema,
    }),
    z.strictObject({
      preview: z.strictObject({ mask: runLengthMaskSchema, predictedIou: unitIntervalSchema }).nullable(),
    }),
  ),

  /** What the person says of a range; `unknown` takes back what was said. */
  'presence.set': edit(
    z.strictObject({
      videoId: idSchema,
      objectId: idSchema,
      span: frameSpanSchema,
      presence: z.enum(['present', 'absent', 'unknown']),
    }),
    revisionResultSchema,
  ),
}
