import { basename } from 'node:path'
import { UserFacingError } from '../../contract/errors.ts'
import { mediaPath } from './media-path.ts'

/** There is no file or folder at this path, or it may not be read. */
export class VideoFileMissing extends UserFacingError {
  constructor(path: string, cause?: unknown) {
    super('video-file-missing', `There is no readable file or folder at ${path}.`, { cause })
  }
}

/** The file has no content at all. */
export class EmptyVideoFile extends UserFacingError {
  constructor(path: string) {
    super('empty-video-file', `${basename(path)} is empty (0 bytes): copy or download it again.`)
  }
}

/** Not a film, a picture, or a format that ffmpeg cannot read; also a file whose index was cut off. */
export class UnreadableVideo extends UserFacingError {
  constructor(path: string, reason: string, cause?: unknown) {
    super('unreadable-video', `${basename(path)} cannot be read as a video: ${withoutPath(reason, path)}`, {
      cause,
    })
  }
}

/** The file is readable but holds no moving picture, for example only sound. */
export class NoVideoStream extends UserFacingError {
  constructor(path: string) {
    super('no-video-stream', `${basename(path)} has no video in it, only other data such as sound.`)
  }
}

/** The file names a video stream, but not a single frame of it can be decoded. */
export class NoVideoFrames extends UserFacingError {
  constructor(path: string, cause?: unknown) {
    super('no-video-frames', `Not one frame of ${basename(path)} can be decoded.`, { cause })
  }
}

/** Decoding stopped before the frame that was asked for. */
export class VideoDecodeFailed extends UserFacingError {
  /** The frame that could not be had. */
  readonly frameIndex: number

  constructor(path: string, frameIndex: number, reason: string, cause?: unknown) {
    const why = withoutPath(reason, path)
    super('video-decode-failed', `Frame ${frameIndex} of ${basename(path)} was not decoded: ${why}`, {
      cause,
    })
    this.frameIndex = frameIndex
  }
}

/** A frame index that the video does not have. */
export class FrameOutOfRange extends UserFacingError {
  constructor(path: string, frameIndex: number, frameCount: number) {
    const has = frameCount === 1 ? 'frame 0 only' : `frames 0 to ${frameCount - 1}`
    super('frame-out-of-range', `${basename(path)} has ${has}: there is no frame ${frameIndex}.`)
  }
}

/** A video was used after it was closed. */
export class VideoSourceClosed extends UserFacingError {
  constructor(path: string) {
    super('video-source-closed', `${basename(path)} was closed while frames of it were wanted.`)
  }
}

/** A folder without a single picture in a known format. */
export class EmptyImageFolder extends UserFacingError {
  constructor(path: string) {
    super('empty-image-folder', `${basename(path)} holds no pictures (JPEG, PNG, WebP, TIFF, AVIF or BMP).`)
  }
}

/** The pictures of a folder are not all of one size. */
export class ImageSizesDiffer extends UserFacingError {
  constructor(first: { name: string; size: string }, other: { name: string; size: string }) {
    super(
      'image-sizes-differ',
      `The pictures of a folder must have one size: ${first.name} is ${first.size}, ${other.name} is ${other.size}.`,
    )
  }
}

/** What ffmpeg says names the file by its whole path, which is nobody's business but the log's. */
function withoutPath(reason: string, path: string): string {
  return reason.replaceAll(mediaPath(path), basename(path))
}
