import sharp from 'sharp'
import type { FrameAddress } from '../../contract/frame-url.ts'
import type { Picture } from '../../contract/host-link.ts'
import type { DecodedFrame } from '../video/video-source.ts'

/** Pictures up to this width are thumbnails: small beats faithful. */
export const THUMBNAIL_WIDTH_PX = 320

/**
 * Encodes a frame at a width, never enlarged. PNG keeps every pixel; JPEG is for playback, previews and thumbnails.
 * @throws what sharp throws
 */
export async function encodePicture(
  { rgb, widthPx, heightPx }: DecodedFrame,
  wanted: Pick<FrameAddress, 'widthPx' | 'format'>,
): Promise<Picture> {
  const source = sharp(rgb, { raw: { width: widthPx, height: heightPx, channels: 3 } })
  const width = Math.min(wanted.widthPx ?? widthPx, widthPx)
  const isThumbnail = width <= THUMBNAIL_WIDTH_PX
  const sized =
    width === widthPx
      ? source
      : source.resize({ width, fastShrinkOnLoad: true, kernel: isThumbnail ? 'linear' : 'lanczos3' })
  if (wanted.format === 'png') {
    // Speed over size: it crosses a loopback or a process border, not a network.
    const bytes = await sized.png({ compressionLevel: 1, adaptiveFiltering: false }).toBuffer()
    return { mediaType: 'image/png', bytes }
  }
  const bytes = await sized.jpeg({ quality: isThumbnail ? 70 : 88 }).toBuffer()
  return { mediaType: 'image/jpeg', bytes }
}
