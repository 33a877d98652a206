import { readdir } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import sharp from 'sharp'
import { runChild } from '../processes/child-processes.ts'
import { FrameAccess } from './frame-access.ts'
import type { MediaTools } from './media-tools.ts'
import { imageInputArgs, probeVideo } from './probe-video.ts'
import { guardStreams } from './stream-guard.ts'
import { EmptyImageFolder, ImageSizesDiffer, UnreadableVideo, VideoDecodeFailed } from './video-errors.ts'
import type { DecodedFrame, FrameRange, TimeBase, VideoSource } from './video-source.ts'

export interface ImageFolderOptions {
  readonly tools: () => Promise<MediaTools>
  readonly cacheBytes: number
  /** Frames a second; a folder has no times of its own. */
  readonly frameRate: number
  readonly signal?: AbortSignal | undefined
}

/**
 * Read with sharp, whose libjpeg decodes to the same bytes as Pillow, which the official loader uses; ffmpeg's
 * decoder differs in the last bits. Formats that sharp lacks go through ffmpeg.
 */
const sharpFormats = ['.jpg', '.jpeg', '.jpe', '.jfif', '.png', '.webp', '.tif', '.tiff', '.avif']
const ffmpegFormats = ['.bmp', '.ppm', '.pgm', '.tga']
const sizesReadAtOnce = 32

// The cache goes by file name: a picture that was replaced meanwhile would come out old.
sharp.cache(false)

/** True for a file that is one still picture. */
export function isImagePath(path: string): boolean {
  const extension = extname(path).toLowerCase()
  return sharpFormats.includes(extension) || ffmpegFormats.includes(extension)
}

/** The names of a folder's pictures in the order of the frames they are: natural order, 2 before 10. */
export async function pictureNames(folder: string): Promise<string[]> {
  const order = new Intl.Collator('en', { numeric: true })
  const names = (await readdir(folder)).filter((name) => !name.startsWith('.') && isImagePath(name))
  return names.sort((a, b) => order.compare(a, b) || (a < b ? -1 : 1))
}

/**
 * Opens a folder of pictures, one frame each, in natural order of their names (2 before 10). Hidden files and files
 * of other kinds are passed over. @throws EmptyImageFolder, ImageSizesDiffer, UnreadableVideo
 */
export async function openImageFolder(path: string, options: ImageFolderOptions): Promise<VideoSource> {
  const names = await pictureNames(path)
  if (names.length === 0) throw new EmptyImageFolder(path)
  return openImages(
    path,
    names.map((name) => join(path, name)),
    options,
  )
}

/** Opens pictures as the frames of one video, in the order given. @throws ImageSizesDiffer, UnreadableVideo */
export async function openImages(
  path: string,
  files: readonly string[],
  options: ImageFolderOptions,
): Promise<VideoSource> {
  const { widthPx, heightPx } = await commonSize(files, options)
  const frameCount = files.length
  const timeBase = timeBaseOf(options.frameRate)
  const lastFrameTicks = Math.round(timeBase.denominator / timeBase.numerator / options.frameRate)
  const ticks = Array.from(files, (_, index) => index * lastFrameTicks)
  const presentationTimes = Float64Array.from(
    ticks,
    (tick) => (tick * timeBase.numerator) / timeBase.denominator,
  )

  async function decode(frameIndex: number): Promise<DecodedFrame> {
    const file = files[frameIndex]!
    const { rgb, size } = await readImage(file, options).catch((error: unknown) => {
      throw new VideoDecodeFailed(path, frameIndex, reasonOf(error), error)
    })
    if (size.widthPx !== widthPx || size.heightPx !== heightPx) {
      throw new VideoDecodeFailed(
        path,
        frameIndex,
        `${file} has changed its size since the folder was opened.`,
      )
    }
    return { frameIndex, timeSeconds: presentationTimes[frameIndex]!, widthPx, heightPx, rgb }
  }

  async function* stream(
    range: FrameRange,
    signal: AbortSignal,
  ): AsyncGenerator<DecodedFrame, void, undefined> {
    let coming = decode(range.first)
    for (let frameIndex = range.first; frameIndex <= range.last; frameIndex++) {
      const frame = await coming
      signal.throwIfAborted()
      if (frameIndex < range.last) {
        // The next one decodes while the receiver works on this one; its error is for the next turn.
        coming = decode(frameIndex + 1)
        coming.catch(() => undefined)
      }
      yield frame
    }
  }

  const guard = guardStreams(path, frameCount, stream)
  const access = new FrameAccess(
    {
      frameCount,
      frameBytes: widthPx * heightPx * 3,
      keyframeBefore: (frameIndex) => frameIndex,
      stream: guard.frames,
    },
    options.cacheBytes,
  )
  return {
    path,
    kind: 'image-folder',
    widthPx,
    heightPx,
    pixelAspectRatio: 1,
    frameCount,
    presentationTimes,
    presentationTicks: ticks,
    timeBase,
    lastFrameTicks,
    averageFrameRate: options.frameRate,
    colorTags: { matrix: null, range: null, primaries: null, transfer: null },
    hasAudio: false,
    warnings: [],
    frames: guard.frames,
    async frameAt(frameIndex, signal) {
      guard.check(frameIndex)
      return access.frameAt(frameIndex, signal)
    },
    async close() {
      guard.close()
      await access.close()
    },
  }
}

interface ImageSize {
  readonly widthPx: number
  readonly heightPx: number
}

async function commonSize(files: readonly string[], options: ImageFolderOptions): Promise<ImageSize> {
  let common: ImageSize | undefined
  const describe = (file: string, size: ImageSize) => ({
    name: basename(file),
    size: `${size.widthPx} x ${size.heightPx}`,
  })
  for (let first = 0; first < files.length; first += sizesReadAtOnce) {
    options.signal?.throwIfAborted()
    const some = files.slice(first, first + sizesReadAtOnce)
    const sizes = await Promise.all(some.map((file) => readSize(file, options)))
    common ??= sizes[0]!
    const odd = sizes.findIndex(
      (size) => size.widthPx !== common!.widthPx || size.heightPx !== common!.heightPx,
    )
    if (odd >= 0) throw new ImageSizesDiffer(describe(files[0]!, common), describe(some[odd]!, sizes[odd]!))
  }
  return common!
}

/** Upright size from the file's header. */
async function readSize(file: string, options: ImageFolderOptions): Promise<ImageSize> {
  if (isForFfmpeg(file)) return probeVideo(await options.tools(), file, options.signal, imageInputArgs(file))
  try {
    const { autoOrient } = await sharp(file).metadata()
    return { widthPx: autoOrient.width, heightPx: autoOrient.height }
  } catch (error) {
    throw new UnreadableVideo(file, `it is no readable picture (${reasonOf(error)}).`, error)
  }
}

async function readImage(
  file: string,
  options: ImageFolderOptions,
): Promise<{ rgb: Uint8Array; size: ImageSize }> {
  if (isForFfmpeg(file)) {
    const tools = await options.tools()
    const size = await probeVideo(tools, file, undefined, imageInputArgs(file))
    const output = ['-frames:v', '1', '-f', 'rawvideo', '-pix_fmt', 'rgb24', 'pipe:1']
    const rgb = await runChild(tools.ffmpeg, ['-v', 'error', '-nostdin', ...imageInputArgs(file), ...output])
    return { rgb, size }
  }
  // Colour profiles are left out and transparency dropped, as Pillow's convert('RGB') does.
  const { data, info } = await sharp(file, { ignoreIcc: true })
    .autoOrient()
    .toColourspace('srgb')
    .removeAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
  return { rgb: data, size: { widthPx: info.width, heightPx: info.height } }
}

function isForFfmpeg(file: string): boolean {
  return ffmpegFormats.includes(extname(file).toLowerCase())
}

function timeBaseOf(frameRate: number): TimeBase {
  return Number.isInteger(frameRate)
    ? { numerator: 1, denominator: frameRate }
    : { numerator: 1, denominator: Math.round(frameRate * 1000) }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
