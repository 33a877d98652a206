import { z } from 'zod'
import {
  colourSchema,
  frameIndexSchema,
  nameSchema,
  secondsSchema,
  sidePxSchema,
  textSchema,
  unitIntervalSchema,
} from './scalars.ts'

/** Written into every file; a reader refuses a newer version. The first one had neither suspicion nor shots. */
export const TRACKS_VERSION = 2

/** One object on one frame. An object that is absent has neither box nor centroid, and area 0. */
export const trackEntrySchema = z.strictObject({
  objectId: z.int(),
  /** Whether the mask has any pixel. */
  present: z.boolean(),
  /** Edges in source pixels: left, top, right, bottom. Right and bottom lie behind the last pixel, so right - left is the width. */
  box: z.tuple([z.int(), z.int(), z.int(), z.int()]).nullable(),
  /** Foreground pixels. */
  area: z.int().min(0),
  /** Mean of the foreground pixels' centres in source pixels, x then y; the first pixel's centre is 0.5, 0.5. */
  centroid: z.tuple([z.number(), z.number()]).nullable(),
  /** Logit of the object-presence head; above 0 means present. Null for masks that no model scored. */
  objectScore: z.number().nullable(),
  /** The model's estimate of its mask's IoU. Null for masks that no model scored. */
  predictedIou: unitIntervalSchema.nullable(),
  /** 0 trustworthy to 1 surely wrong. Null for masks that nobody judged. */
  suspicion: unitIntervalSchema.nullable().default(null),
})
export type TrackEntry = z.infer<typeof trackEntrySchema>

export const trackFrameSchema = z.strictObject({
  /** Position in the source's presentation order, from 0. */
  frame: frameIndexSchema,
  /** Presentation time in the source, to the microsecond. */
  timeSeconds: secondsSchema,
  objects: z.array(trackEntrySchema),
})
export type TrackFrame = z.infer<typeof trackFrameSchema>

export const tracksHeaderSchema = z.strictObject({
  version: z.literal([1, TRACKS_VERSION]),
  video: z.strictObject({
    /** File name without folder. */
    file: textSchema,
    widthPx: sidePxSchema,
    heightPx: sidePxSchema,
    pixelAspectRatio: z.number().positive(),
    /** Frames of the whole source. */
    frameCount: z.int().min(1),
    averageFrameRate: z.number().positive(),
    /** Ticks of the source's clock a second, as a fraction. */
    timeBase: z.strictObject({ numerator: z.int().min(1), denominator: z.int().min(1) }),
  }),
  objects: z.array(
    z.strictObject({
      objectId: z.int(),
      name: nameSchema,
      colour: colourSchema,
      /** Name of the folder of its masks. */
      folder: textSchema,
    }),
  ),
})
export type TracksHeader = z.infer<typeof tracksHeaderSchema>

/**
 * `tracks.json`. The file is written one frame a line, so that a program can also read it line by line; as a whole it
 * is plain JSON. Shots are found on the way, so they come after the frames. `framesWritten` comes last: a file without it was cut.
 */
export const tracksFileSchema = z.strictObject({
  ...tracksHeaderSchema.shape,
  frames: z.array(trackFrameSchema),
  /** Frames from the first to the last of these on which a shot begins, ascending. Null where nobody looked for shots, and from a project that knows of none. */
  shots: z.array(frameIndexSchema).nullable().default(null),
  framesWritten: z.int().min(0),
})
export type TracksFile = z.infer<typeof tracksFileSchema>
