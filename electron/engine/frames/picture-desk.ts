import type { FrameAddress } from '../../contract/frame-url.ts'
import type { Picture } from '../../contract/host-link.ts'
import type { DecodedFrame, VideoSource } from '../video/video-source.ts'
import { ByteCache } from './byte-cache.ts'
import { encodePicture, THUMBNAIL_WIDTH_PX } from './encode-picture.ts'
import type { ThumbnailFiles } from './thumbnail-files.ts'

interface WaitingThumbnail {
  readonly video: VideoSource
  readonly frameIndex: number
  readonly signal: AbortSignal
  readonly resolve: (frame: DecodedFrame) => void
  readonly reject: (error: unknown) => void
}

/**
 * Frames as encoded pictures. Pictures for the stage are decoded at once; thumbnails wait for each other, each with a
 * decoder of its own, so that they never hold up the stage. What was made is kept, thumbnails also on disk.
 */
export class PictureDesk {
  readonly #kept: ByteCache<Picture>
  readonly #files: ThumbnailFiles
  readonly #thumbnails: WaitingThumbnail[] = []
  #decodesThumbnail = false

  constructor(capacityBytes: () => number, files: ThumbnailFiles) {
    this.#kept = new ByteCache(capacityBytes, ({ bytes }) => bytes.length)
    this.#files = files
  }

  /** @throws what opening and decoding throw; the signal's reason */
  async picture(
    address: FrameAddress,
    open: () => Promise<VideoSource>,
    signal: AbortSignal,
  ): Promise<Picture> {
    const { contentId, frameIndex, widthPx, format } = address
    const name = `${String(frameIndex)}-${String(widthPx ?? 'source')}.${format}`
    const key = `${contentId}/${name}`
    const kept = this.#kept.get(key)
    if (kept !== undefined) return kept
    const isThumbnail = widthPx !== null && widthPx <= THUMBNAIL_WIDTH_PX && format === 'jpeg'
    if (isThumbnail) {
      const bytes = await this.#files.read(contentId, name)
      if (bytes !== null) return this.#keep(key, { mediaType: 'image/jpeg', bytes })
    }
    signal.throwIfAborted()
    const video = await open()
    signal.throwIfAborted()
    const frame = isThumbnail
      ? await this.#thumbnailFrame(video, frameIndex, signal)
      : await video.frameAt(frameIndex, signal)
    const picture = await encodePicture(frame, address)
    if (isThumbnail) void this.#files.write(contentId, name, picture.bytes)
    return this.#keep(key, picture)
  }

  #keep(key: string, picture: Picture): Picture {
    this.#kept.set(key, picture)
    return picture
  }

  #thumbnailFrame(video: VideoSource, frameIndex: number, signal: AbortSignal): Promise<DecodedFrame> {
    return new Promise((resolve, reject) => {
      this.#thumbnails.push({ video, frameIndex, signal, resolve, reject })
      void this.#decodeThumbnails()
    })
  }

  async #decodeThumbnails(): Promise<void> {
    if (this.#decodesThumbnail) return
    this.#decodesThumbnail = true
    for (let wanted = this.#thumbnails.shift(); wanted !== undefined; wanted = this.#thumbnails.shift()) {
      const { video, frameIndex, signal, resolve, reject } = wanted
      try {
        signal.throwIfAborted()
        for await (const frame of video.frames({ first: frameIndex, last: frameIndex }, signal))
          resolve(frame)
      } catch (error) {
        reject(error)
      }
    }
    this.#decodesThumbnail = false
  }
}
