import { z } from 'zod'
import { contentIdSchema } from './project.ts'
import { frameIndexSchema, idSchema, sidePxSchema } from './scalars.ts'

/** A decoded frame as a picture. */
export const frameAddressSchema = z.strictObject({
  videoId: idSchema,
  frameIndex: frameIndexSchema,
  /** Scaled to this width in pixels, height by proportion; null means source size. Never enlarged. */
  widthPx: sidePxSchema.nullable(),
  /** Makes the address name a content, so that pictures may be cached for good and never mixed up after a re-link. */
  contentId: contentIdSchema,
  /** `png` is exact, `jpeg` is for playback and thumbnails. */
  format: z.enum(['png', 'jpeg']),
})
export type FrameAddress = z.infer<typeof frameAddressSchema>

/** The address relative to the host's origin: `frames/3/84?content=…&format=jpeg&width=160`. */
export function frameUrl(address: FrameAddress): string {
  const width = address.widthPx === null ? '' : `&width=${String(address.widthPx)}`
  const frame = `frames/${String(address.videoId)}/${String(address.frameIndex)}`
  return `${frame}?content=${address.contentId}&format=${address.format}${width}`
}

const NUMBER = '(0|[1-9][0-9]{0,15})'
const FRAME_PATH = new RegExp(
  `^/?frames/${NUMBER}/${NUMBER}\\?content=([0-9a-f]{32})&format=(png|jpeg)(?:&width=([1-9][0-9]{0,4}))?$`,
)

/**
 * Reads path and query of a request back into an address. Takes exactly what `frameUrl` writes (a leading slash
 * allowed): no escapes, no other order, no further parameters, so nothing can be smuggled through. null if it is not one.
 */
export function parseFrameUrl(pathAndQuery: string): FrameAddress | null {
  const match = FRAME_PATH.exec(pathAndQuery)
  if (match === null) return null
  const [, videoId, frameIndex, contentId, format, width] = match
  const address = frameAddressSchema.safeParse({
    videoId: Number(videoId),
    frameIndex: Number(frameIndex),
    widthPx: width === undefined ? null : Number(width),
    contentId,
    format,
  })
  return address.success ? address.data : null
}
