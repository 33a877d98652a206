import { z } from 'zod'
import { LIMITS } from './limits.ts'
import { alternativeChoiceSchema, promptListSchema } from './prompts.ts'
import { historyStateSchema } from './history.ts'
import {
  colourSchema,
  frameIndexSchema,
  idSchema,
  nameSchema,
  revisionSchema,
  secondsSchema,
  sidePxSchema,
  textSchema,
  unitIntervalSchema,
} from './scalars.ts'
import { trackRunSchema, trackSpanSchema, trackVersionSchema } from './tracking.ts'

/** `changed`: a file is there, but its content is not the one that was labelled. */
export const videoLinkSchema = z.enum(['linked', 'missing', 'changed'])

/** In and out markers of a video; null means its first and last frame. */
export const markersSchema = z
  .strictObject({ inFrame: frameIndexSchema.nullable(), outFrame: frameIndexSchema.nullable() })
  .refine(
    (markers) => markers.inFrame === null || markers.outFrame === null || markers.inFrame <= markers.outFrame,
    'in must not be after out',
  )
export type Markers = z.infer<typeof markersSchema>

/** Names a content, not a place: the first half of the fingerprint's digest. Part of frame addresses. */
export const contentIdSchema = z.string().regex(/^[0-9a-f]{32}$/)

export const videoSchema = z.strictObject({
  id: idSchema,
  name: nameSchema,
  /** Where it lies as seen from the project file, to be shown; never sent back. */
  location: textSchema,
  kind: z.enum(['video', 'images']),
  link: videoLinkSchema,
  contentId: contentIdSchema,
  /** Upright stored pixels. */
  widthPx: sidePxSchema,
  heightPx: sidePxSchema,
  /** Width of a stored pixel over its height. */
  pixelAspectRatio: z.number().positive().max(1_000),
  frameCount: z
    .int()
    .min(1)
    .max(LIMITS.frameIndex + 1),
  durationSeconds: secondsSchema,
  hasAudio: z.boolean(),
  sortOrder: z.number(),
  markers: markersSchema,
})
export type Video = z.infer<typeof videoSchema>

/**
 * What is done to an object's masks whenever they are shown or exported; the stored masks stay as tracked.
 * The areas count pixels of the model's low-resolution mask (a quarter of the input size), the lengths source pixels.
 */
export const cleanupSchema = z.strictObject({
  fillHolesArea: z.int().min(0).max(65_536),
  dropSpecksArea: z.int().min(0).max(65_536),
  /** Above 0 grows, below 0 shrinks. */
  growPx: z.int().min(-256).max(256),
  smoothEdgePx: z.int().min(0).max(256),
})
export type Cleanup = z.infer<typeof cleanupSchema>

/** The official hole filling and nothing else. */
export const DEFAULT_CLEANUP: Cleanup = { fillHolesArea: 8, dropSpecksArea: 0, growPx: 0, smoothEdgePx: 0 }

/** Something that is followed. Objects belong to the project, so one object can be followed through several videos. */
export const objectSchema = z.strictObject({
  id: idSchema,
  name: nameSchema,
  colour: colourSchema,
  classId: idSchema.nullable(),
  visible: z.boolean(),
  /** A locked object takes no edits and is not tracked. */
  locked: z.boolean(),
  cleanup: cleanupSchema,
  sortOrder: z.number(),
})
export type TrackedObject = z.infer<typeof objectSchema>

export const objectClassSchema = z.strictObject({ id: idSchema, name: nameSchema, sortOrder: z.number() })
export type ObjectClass = z.infer<typeof objectClassSchema>

/** What the person says about an object over frames; frames without a range are unknown. */
export const presenceRangeSchema = z.strictObject({
  id: idSchema,
  videoId: idSchema,
  objectId: idSchema,
  first: frameIndexSchema,
  last: frameIndexSchema,
  presence: z.enum(['present', 'absent']),
})
export type PresenceRange = z.infer<typeof presenceRangeSchema>

/** Where a new shot begins. */
export const shotBoundarySchema = z.strictObject({
  id: idSchema,
  videoId: idSchema,
  /** First frame of the new shot; for a fade, the first frame that is no longer the old one. */
  frameIndex: frameIndexSchema.min(1),
  kind: z.enum(['cut', 'fade']),
  source: z.enum(['detected', 'user']),
  /** How sure the detector was; 1 for those a person set. */
  confidence: unitIntervalSchema,
})
export type ShotBoundary = z.infer<typeof shotBoundarySchema>

/** How the person looks at the project. Saved, but not part of the undo history. */
export const viewSchema = z.strictObject({
  videoId: idSchema.nullable(),
  frameIndex: frameIndexSchema,
  selectedObjectIds: z.array(idSchema).max(LIMITS.objects),
  /** Only these are shown; empty means all visible ones. */
  soloObjectIds: z.array(idSchema).max(LIMITS.objects),
  mode: z.enum(['overlay', 'mattes', 'sideBySide']),
  fillOpacity: unitIntervalSchema,
  outline: z.boolean(),
  /** null fits the picture into the stage; 1 is one screen pixel per source pixel. */
  zoom: z.number().positive().max(256).nullable(),
  /** Centre of the stage in source pixels; used when zoom is set. */
  centreX: z.number().min(-1e6).max(1e6),
  centreY: z.number().min(-1e6).max(1e6),
  timelineFirst: frameIndexSchema,
  /** null shows the whole video. */
  timelineLast: frameIndexSchema.nullable(),
  playbackRate: z.number().min(0.05).max(16),
  loop: z.boolean(),
})
export type View = z.infer<typeof viewSchema>

export const DEFAULT_VIEW: View = {
  videoId: null,
  frameIndex: 0,
  selectedObjectIds: [],
  soloObjectIds: [],
  mode: 'overlay',
  fillOpacity: 0.42,
  outline: true,
  zoom: null,
  centreX: 0,
  centreY: 0,
  timelineFirst: 0,
  timelineLast: null,
  playbackRate: 1,
  loop: false,
}

/** The whole project but for masks, which are asked for by range. */
export const projectSchema = z.strictObject({
  /** Made once, kept over copies. */
  projectId: z.uuid(),
  name: nameSchema,
  /** File name for the title, to be shown; null for a project that lives in the app's own folder until saved as. */
  fileName: textSchema.nullable(),
  revision: revisionSchema,
  videos: z.array(videoSchema).max(LIMITS.videos),
  objects: z.array(objectSchema).max(LIMITS.objects),
  classes: z.array(objectClassSchema).max(LIMITS.classes),
  prompts: promptListSchema,
  alternativeChoices: z.array(alternativeChoiceSchema).max(LIMITS.prompts),
  presence: z.array(presenceRangeSchema).max(LIMITS.spans),
  shots: z.array(shotBoundarySchema).max(LIMITS.spans),
  spans: z.array(trackSpanSchema).max(LIMITS.prompts),
  versions: z.array(trackVersionSchema).max(LIMITS.prompts),
  runs: z.array(trackRunSchema).max(LIMITS.spans),
  view: viewSchema,
  history: historyStateSchema,
})
export type Project = z.infer<typeof projectSchema>
