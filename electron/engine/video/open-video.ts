import { stat } from 'node:fs/promises'
import { openFileVideo } from './file-video-source.ts'
import { isImagePath, openImageFolder, openImages } from './image-folder-source.ts'
import { findMediaTools } from './media-tools.ts'
import type { MediaTools } from './media-tools.ts'
import { EmptyVideoFile, VideoFileMissing } from './video-errors.ts'
import type { VideoSource } from './video-source.ts'

export interface OpenVideoOptions {
  /** Where ffmpeg and ffprobe are; searched for when not given. */
  readonly tools?: MediaTools
  /** Upper limit in bytes of the decoded frames kept for `frameAt`. Default 256 MiB. */
  readonly cacheBytes?: number
  /** Frames a second of a folder of images. Default 30. */
  readonly imageFrameRate?: number
  /**
   * True decodes the whole file once while opening, so that frames which do not decode in the middle of a damaged file
   * are not counted (for a long run of the model the time does not matter); false tries the start and the end only.
   * When not given, small files are checked whole.
   */
  readonly checkEveryFrame?: boolean
  /** Stops the opening. */
  readonly signal?: AbortSignal
}

/**
 * Opens a video file in any container that ffmpeg reads, a GIF, a folder of images or a single picture.
 * @throws VideoFileMissing, EmptyVideoFile, UnreadableVideo, NoVideoStream, NoVideoFrames, EmptyImageFolder,
 *   ImageSizesDiffer, MediaToolsMissing, the signal's reason
 */
export async function openVideo(path: string, options: OpenVideoOptions = {}): Promise<VideoSource> {
  const { signal, cacheBytes = 256 * 2 ** 20, imageFrameRate = 30 } = options
  signal?.throwIfAborted()
  const file = await stat(path).catch((error: unknown) => {
    throw new VideoFileMissing(path, error)
  })
  const tools = async (): Promise<MediaTools> => options.tools ?? findMediaTools()
  const imageOptions = { tools, cacheBytes, frameRate: imageFrameRate, signal }
  if (file.isDirectory()) return openImageFolder(path, imageOptions)
  if (file.size === 0) throw new EmptyVideoFile(path)
  if (isImagePath(path)) return openImages(path, [path], imageOptions)
  const { checkEveryFrame } = options
  const check = checkEveryFrame === undefined ? 'by-size' : checkEveryFrame ? 'all' : 'ends'
  return openFileVideo(path, { tools: await tools(), cacheBytes, check, signal })
}
