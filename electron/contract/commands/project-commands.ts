import { z } from 'zod'
import { edit, hostQuery, nothingSchema, query, revisionResultSchema } from '../command.ts'
import { chosenFilesSchema, filePurposeSchema, folderListingSchema } from '../files.ts'
import { helloParamsSchema, helloResultSchema } from '../hello.ts'
import { historyStepsSchema, markSchema } from '../history.ts'
import { LIMITS } from '../limits.ts'
import { contentIdSchema, markersSchema, projectSchema, viewSchema } from '../project.ts'
import {
  fileTokenSchema,
  frameIndexSchema,
  frameSpanSchema,
  idSchema,
  instantSchema,
  nameSchema,
  revisionSchema,
  secondsSchema,
  textSchema,
} from '../scalars.ts'

const opened = z.strictObject({
  project: projectSchema,
  /** What a damaged file lost and where its copy lies, as sentences. */
  notices: z.array(textSchema).max(100),
})

const recentProject = z.strictObject({
  recentId: z.string().regex(/^[0-9a-f]{16}$/),
  name: textSchema,
  location: textSchema,
  openedAt: instantSchema,
  available: z.boolean(),
})

export const projectCommands = {
  hello: hostQuery(helloParamsSchema, helloResultSchema),

  'files.choose': hostQuery(
    z.strictObject({ purpose: filePurposeSchema, suggestedName: nameSchema.optional() }),
    z.strictObject({ files: chosenFilesSchema }),
  ),
  'files.browse': hostQuery(
    z.strictObject({ purpose: filePurposeSchema, folder: fileTokenSchema.nullable() }),
    folderListingSchema,
  ),
  /** A new file in a browsed folder, to save to. */
  'files.name': hostQuery(
    z.strictObject({ purpose: filePurposeSchema, folder: fileTokenSchema, name: nameSchema }),
    z.strictObject({ files: chosenFilesSchema, exists: z.boolean() }),
  ),
  'files.reveal': hostQuery(z.strictObject({ token: fileTokenSchema }), nothingSchema),

  /** null when no project is open. */
  'project.current': query(nothingSchema, z.strictObject({ project: projectSchema.nullable() })),
  'project.open': query(z.strictObject({ fileToken: fileTokenSchema }), opened),
  'project.openRecent': query(z.strictObject({ recentId: recentProject.shape.recentId }), opened),
  'project.openSample': query(nothingSchema, opened),
  /** Without a token the project lives in the app's own folder until it is saved as. */
  'project.create': query(
    z.strictObject({ fileToken: fileTokenSchema.nullable(), name: nameSchema }),
    opened,
  ),
  'project.saveAs': query(z.strictObject({ fileToken: fileTokenSchema }), opened),
  'project.close': query(nothingSchema, nothingSchema),
  'project.recent': query(nothingSchema, z.strictObject({ recent: z.array(recentProject).max(100) })),
  'project.forgetRecent': query(z.strictObject({ recentId: recentProject.shape.recentId }), nothingSchema),
  'project.rename': edit(z.strictObject({ name: nameSchema }), revisionResultSchema),

  'video.add': edit(
    z.strictObject({ fileTokens: z.array(fileTokenSchema).min(1).max(LIMITS.files) }),
    z.strictObject({ revision: revisionSchema, videoIds: z.array(idSchema).max(LIMITS.files) }),
  ),
  'video.rename': edit(z.strictObject({ videoId: idSchema, name: nameSchema }), revisionResultSchema),
  'video.reorder': edit(
    z.strictObject({ videoIds: z.array(idSchema).min(1).max(LIMITS.videos) }),
    revisionResultSchema,
  ),
  /** Takes the video with all its prompts and masks out of the project; the file stays. */
  'video.remove': edit(z.strictObject({ videoId: idSchema }), revisionResultSchema),
  'video.relink': edit(
    z.strictObject({
      videoId: idSchema,
      fileToken: fileTokenSchema,
      /** Takes a file of other content if its size in pixels and frames is the same. */
      acceptOtherContent: z.boolean(),
    }),
    revisionResultSchema,
  ),
  /** Seconds of frames `first` to `last`, in order. */
  'video.presentationTimes': query(
    z.strictObject({ videoId: idSchema, span: frameSpanSchema }),
    z.strictObject({ contentId: contentIdSchema, times: z.array(secondsSchema).max(LIMITS.timesPerMessage) }),
  ),

  'markers.set': edit(z.strictObject({ videoId: idSchema, markers: markersSchema }), revisionResultSchema),
  'shots.add': edit(
    z.strictObject({ videoId: idSchema, frameIndex: frameIndexSchema.min(1) }),
    revisionResultSchema,
  ),
  'shots.move': edit(
    z.strictObject({ shotId: idSchema, frameIndex: frameIndexSchema.min(1) }),
    revisionResultSchema,
  ),
  'shots.remove': edit(z.strictObject({ shotId: idSchema }), revisionResultSchema),
  /** Saved, but not part of the history; what is left out stays. */
  'view.set': edit(z.strictObject({ view: viewSchema.partial() }), revisionResultSchema),

  'history.undo': edit(nothingSchema, revisionResultSchema),
  'history.redo': edit(nothingSchema, revisionResultSchema),
  /** Takes back the newest step if it carries this mark, without a way to redo: a gesture that was given up. */
  'history.cancelMark': edit(z.strictObject({ mark: markSchema }), revisionResultSchema),
  'history.list': query(
    z.strictObject({ limit: z.int().min(1).max(LIMITS.historySteps) }),
    z.strictObject({ steps: historyStepsSchema }),
  ),
}
