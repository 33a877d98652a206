import type { VideoSource } from '../video/video-source.ts'
import type { PixelLayout } from './matroska-frames.ts'

/** How a kind of film is encoded. */
export interface VideoProfile {
  readonly layout: PixelLayout
  /** ffmpeg's name of the container. */
  readonly container: 'mp4' | 'mov' | 'webm'
  /** Codec and quality, as ffmpeg arguments. */
  readonly codecArguments: readonly string[]
  readonly pixelFormat: string
  /** 4:2:0 pictures have even sides; odd ones get their last row or column twice. */
  readonly needsEvenSides: boolean
  /** Ticks a second to which the container rounds times by itself; null where it keeps ours. */
  readonly containerTimescale: number | null
}

/**
 * H.264 that plays everywhere. Tracking leaves the processor little time, so it is coded quickly, at half the cost of
 * the preset `fast` with crf 18: the structural similarity stays within 0.0025 of it, the file is a tenth to a quarter
 * larger (docs/performance.md).
 */
export const h264Profile: VideoProfile = {
  layout: 'rgb24',
  container: 'mp4',
  codecArguments: ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '16'],
  pixelFormat: 'yuv420p',
  needsEvenSides: true,
  containerTimescale: null,
}

/** H.264 of black and white masks, fine enough that half-way between them is the mask's edge. */
export const h264MaskProfile: VideoProfile = {
  ...h264Profile,
  layout: 'gray',
  codecArguments: ['-c:v', 'libx264', '-preset', 'fast', '-crf', '6'],
}

/** ProRes 4444 with straight alpha; the alpha is coded without loss. */
export const proresAlphaProfile: VideoProfile = {
  layout: 'rgba',
  container: 'mov',
  codecArguments: ['-c:v', 'prores_ks', '-profile:v', '4444', '-alpha_bits', '16', '-vendor', 'apl0'],
  pixelFormat: 'yuva444p10le',
  needsEvenSides: false,
  containerTimescale: null,
}

/** VP9 with straight alpha, for browsers. WebM's clock is the millisecond. */
export const vp9AlphaProfile: VideoProfile = {
  layout: 'rgba',
  container: 'webm',
  codecArguments: [
    ...[
      '-c:v',
      'libvpx-vp9',
      '-b:v',
      '0',
      '-crf',
      '20',
      '-deadline',
      'good',
      '-cpu-used',
      '4',
      '-row-mt',
      '1',
    ],
    // The alpha layer has no place for frames that are not shown.
    ...['-auto-alt-ref', '0'],
  ],
  pixelFormat: 'yuva420p',
  needsEvenSides: false,
  containerTimescale: 1000,
}

/** Matrices that ffmpeg's scaler knows, by the names that files use for them. */
const scalerMatrices: Readonly<Record<string, string>> = {
  bt709: 'bt709',
  smpte170m: 'smpte170m',
  bt470bg: 'bt470',
  fcc: 'fcc',
  smpte240m: 'smpte240m',
  bt2020nc: 'bt2020',
}

/**
 * The filter that turns RGB into the profile's format with the matrix by which the source was turned into RGB, so that
 * colours come out as they went in, and gives the result the source's tags. A source without a matrix was read as
 * BT.601 and stays without tags, so that a player guesses for both films alike. Pictures, RGB themselves, become BT.709.
 */
export function colourFilter(
  { kind, colorTags: tags, pixelAspectRatio }: Pick<VideoSource, 'kind' | 'colorTags' | 'pixelAspectRatio'>,
  pixelFormat: string,
): string {
  const isRgb = kind === 'image-folder' || tags.matrix === 'gbr'
  const matrix = isRgb ? 'bt709' : tags.matrix
  const scaler = scalerMatrices[matrix ?? ''] ?? 'bt601'
  const named = {
    range: 'tv',
    colorspace: matrix !== null && matrix in scalerMatrices ? matrix : null,
    color_primaries: tags.primaries ?? (isRgb ? 'bt709' : null),
    // A film keeps the curve of its source; that of pictures (sRGB) is what BT.709 films are shown with.
    color_trc: isRgb ? 'bt709' : tags.transfer,
  }
  const parameters = Object.entries(named).flatMap(([key, value]) =>
    value === null ? [] : `${key}=${value}`,
  )
  return [
    `scale=out_color_matrix=${scaler}:out_range=tv:flags=bicubic+accurate_rnd+full_chroma_int`,
    `format=${pixelFormat}`,
    `setparams=${parameters.join(':')}`,
    `setsar=${pixelAspectRatio}:max=10000`,
  ].join(',')
}
