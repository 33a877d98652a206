import { z } from 'zod'
import { historyStateSchema } from './history.ts'
import {
  objectClassSchema,
  objectSchema,
  presenceRangeSchema,
  shotBoundarySchema,
  videoSchema,
  viewSchema,
} from './project.ts'
import { alternativeChoiceSchema, promptSchema } from './prompts.ts'
import { frameIndexSchema, idSchema, nameSchema, revisionSchema } from './scalars.ts'
import { trackRunSchema, trackSpanSchema, trackVersionSchema } from './tracking.ts'

function collection<Name extends string, Item extends z.ZodType>(name: Name, item: Item) {
  return z.strictObject({ collection: z.literal(name), put: z.array(item), remove: z.array(idSchema) })
}

/**
 * What changed in one collection of the project: records to put in place of those with the same id (or to add), and
 * ids to drop. Applied to the project of the revision before, it gives the project of this revision.
 */
export const collectionChangeSchema = z.discriminatedUnion('collection', [
  collection('videos', videoSchema),
  collection('objects', objectSchema),
  collection('classes', objectClassSchema),
  collection('prompts', promptSchema),
  collection('alternativeChoices', alternativeChoiceSchema),
  collection('presence', presenceRangeSchema),
  collection('shots', shotBoundarySchema),
  collection('spans', trackSpanSchema),
  collection('versions', trackVersionSchema),
  collection('runs', trackRunSchema),
])
export type CollectionChange = z.infer<typeof collectionChangeSchema>
export type CollectionName = CollectionChange['collection']

/** Frames of an object whose present mask became another one, so that pictures of it must be fetched anew. */
export const maskChangeSchema = z.strictObject({
  videoId: idSchema,
  objectId: idSchema,
  first: frameIndexSchema,
  last: frameIndexSchema,
})
export type MaskChange = z.infer<typeof maskChangeSchema>

/**
 * A change that is on disk. A receiver whose project is not at `baseRevision` has missed something and asks for the
 * whole project again.
 */
export const projectChangeSchema = z.strictObject({
  baseRevision: revisionSchema,
  revision: revisionSchema,
  name: nameSchema.optional(),
  view: viewSchema.optional(),
  collections: z.array(collectionChangeSchema),
  masks: z.array(maskChangeSchema),
  history: historyStateSchema,
})
export type ProjectChange = z.infer<typeof projectChangeSchema>
