import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, it } from 'vitest'
import type { ExpectStatic } from 'vitest'
import { runChild } from '../electron/engine/processes/child-processes.ts'
import { findMediaTools } from '../electron/engine/video/media-tools.ts'
import { openVideo } from '../electron/engine/video/open-video.ts'
import type { VideoSource } from '../electron/engine/video/video-source.ts'
import { readNumber, setDisplayRotation, writeNumberedImages, writeNumberedVideo } from './numbered-video.ts'

const { ffmpeg } = await findMediaTools()
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maskwright-frames-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** How videos of a kind are made, and what is known of their times. */
interface Recipe {
  readonly file: string
  readonly outputArgs: readonly string[]
  /** Chosen from; a container may know only one. */
  readonly ticksPerSecond: readonly number[]
  /** Subsampled colour needs even sizes. */
  readonly isEven?: boolean
  /** The container moves all times by an offset of its own. */
  readonly isShifted?: boolean
  /** The container knows no times but a frame rate. */
  readonly isConstantRate?: boolean
  readonly canRotate?: boolean
  /** Cut with an edit list, which hides the first frames without removing them. */
  readonly isCut?: boolean
  readonly startSeconds?: number
  /** Take the table from the index and try only the ends, as with files that are too long to be decoded first. */
  readonly isIndexTrusted?: boolean
}

const trackTicks = [1000, 11456, 12800, 30000, 90000]
const h264 = (settings: string, pixelFormat = 'yuv420p') => [
  ...['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '12', '-pix_fmt', pixelFormat],
  ...['-x264-params', `keyint=9:min-keyint=4:scenecut=0:${settings}`],
]

const recipes: Record<string, Recipe> = {
  'MP4 with B-frames, turned': {
    file: 'b.mp4',
    outputArgs: h264('bframes=3:b-pyramid=normal'),
    ticksPerSecond: trackTicks,
    isEven: true,
    canRotate: true,
  },
  'MP4 with open groups of pictures': {
    file: 'open.mp4',
    outputArgs: h264('bframes=4:open-gop=1'),
    ticksPerSecond: trackTicks,
    isEven: true,
  },
  'MP4 of odd size in 10 bits': {
    file: 'odd.mp4',
    outputArgs: h264('bframes=2', 'yuv444p10le'),
    ticksPerSecond: trackTicks,
    canRotate: true,
  },
  'MP4 cut by an edit list': {
    file: 'cut.mp4',
    outputArgs: h264('bframes=3'),
    ticksPerSecond: [12800, 90000],
    isEven: true,
    isCut: true,
  },
  'MP4 that starts late': {
    file: 'late.mp4',
    outputArgs: [...h264('bframes=2'), '-output_ts_offset', '2.5'],
    ticksPerSecond: [1000, 90000],
    isEven: true,
    startSeconds: 2.5,
  },
  'MP4 by its index': {
    file: 'index.mp4',
    outputArgs: h264('bframes=3:open-gop=1'),
    ticksPerSecond: trackTicks,
    isEven: true,
    canRotate: true,
    isIndexTrusted: true,
  },
  'Matroska by its index': {
    file: 'index.mkv',
    outputArgs: h264('bframes=3'),
    ticksPerSecond: [1000],
    isEven: true,
    isIndexTrusted: true,
  },
  'Matroska, lossless, odd size': {
    file: 'lossless.mkv',
    outputArgs: ['-c:v', 'ffv1', '-g', '1'],
    ticksPerSecond: [1000],
  },
  'Matroska with open groups of pictures': {
    file: 'open.mkv',
    outputArgs: h264('bframes=3:open-gop=1'),
    ticksPerSecond: [1000],
    isEven: true,
  },
  'transport stream with intra refresh, whose keyframes seeks cannot use': {
    file: 'refresh.ts',
    outputArgs: h264('bframes=0:intra-refresh=1'),
    ticksPerSecond: [90000],
    isEven: true,
    isShifted: true,
  },
  'transport stream': {
    file: 'b.ts',
    outputArgs: h264('bframes=3'),
    ticksPerSecond: [90000],
    isEven: true,
    isShifted: true,
  },
  'HEVC in 10 bits': {
    file: 'hevc.mp4',
    outputArgs: ['-c:v', 'libx265', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p10le', '-x265-params'].concat(
      'log-level=error:keyint=8:min-keyint=4:bframes=3:open-gop=1',
    ),
    ticksPerSecond: trackTicks,
    isEven: true,
  },
  WebM: {
    file: 'vp9.webm',
    outputArgs: ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '2M', '-g', '8'],
    ticksPerSecond: [1000],
  },
  'AVI with B-frames, without times': {
    file: 'b.avi',
    outputArgs: ['-c:v', 'mpeg4', '-q:v', '2', '-bf', '2', '-g', '10'],
    ticksPerSecond: [25],
    isEven: true,
    isShifted: true,
    isConstantRate: true,
  },
  GIF: { file: 'a.gif', outputArgs: [], ticksPerSecond: [100] },
}

/** Everything that may vary within a recipe. */
const shapes = fc.record({
  // At least a sixtieth of a second apart: containers and codecs have their own idea of faster.
  gaps: fc.array(fc.integer({ min: 17, max: 240 }), { minLength: 11, maxLength: 60 }),
  widthPx: fc.integer({ min: 80, max: 150 }),
  heightPx: fc.integer({ min: 80, max: 130 }),
  clock: fc.nat(),
  rotation: fc.constantFrom(0, 90, 180, 270),
  picks: fc.array(fc.nat(), { minLength: 6, maxLength: 6 }),
})
type Shape = typeof shapes extends fc.Arbitrary<infer T> ? T : never

describe('frame n is the n-th presented frame', () => {
  it.concurrent.for(Object.entries(recipes))('%s', async ([, recipe], { expect }) => {
    const property = fc.asyncProperty(shapes, (shape) => checkRecipe(recipe, shape, expect))
    await fc.assert(property, { numRuns: 1, endOnFailure: true })
  })

  it.concurrent.for(['png', 'jpg', 'webp'])('a folder of %s pictures', async (extension, { expect }) => {
    const path = join(folder, extension)
    await writeNumberedImages(path, 23, 131, 77, extension)
    const video = await openVideo(path, { imageFrameRate: 12 })
    expect([video.kind, video.widthPx, video.heightPx, video.frameCount]).toEqual([
      'image-folder',
      131,
      77,
      23,
    ])
    expect(video.presentationTimes[18]).toBe(1.5)
    await checkNumbers(video, 0, [5, 22, 17, 3, 40, 9], expect)
    await video.close()
  })

  it.concurrent('a stream that begins in the middle of a group of pictures', async ({ expect }) => {
    const path = join(folder, 'headless.ts')
    const ticks = Array.from({ length: 40 }, (_, frame) => frame * 3600)
    const outputArgs = h264('bframes=2')
    await writeNumberedVideo(ffmpeg, {
      path,
      widthPx: 96,
      heightPx: 64,
      ticks,
      ticksPerSecond: 90000,
      outputArgs,
    })
    const whole = await readFile(path)
    const packet = 188
    await writeFile(path, whole.subarray(Math.floor(whole.length / packet / 4) * packet))
    const video = await openVideo(path)
    const first = 40 - video.frameCount
    expect(first).toBeGreaterThan(0)
    expect(first).toBeLessThan(20)
    await checkNumbers(video, first, [3, 11, 19, 2, 7, 23], expect)
    await video.close()
  })
})

async function checkRecipe(recipe: Recipe, shape: Shape, expect: ExpectStatic): Promise<void> {
  const path = join(folder, `${Math.random().toString(36).slice(2)}-${recipe.file}`)
  const ticksPerSecond = recipe.ticksPerSecond[shape.clock % recipe.ticksPerSecond.length]!
  const gapTicks = shape.gaps.map((gap) =>
    recipe.isConstantRate ? 1 : Math.max(2, Math.round((gap * ticksPerSecond) / 1000)),
  )
  const ticks = gapTicks.reduce((sums, gap) => [...sums, sums.at(-1)! + gap], [0])
  const evenOr = (size: number) => (recipe.isEven ? size - (size % 2) : size)
  const [widthPx, heightPx] = [evenOr(shape.widthPx), evenOr(shape.heightPx)]
  const rotation = recipe.canRotate ? (shape.rotation as 0 | 90 | 180 | 270) : 0
  const clock = ['-video_track_timescale', String(ticksPerSecond)]
  const outputArgs = [...recipe.outputArgs, ...(path.endsWith('.mp4') ? clock : [])]
  const storedTurnDegrees = rotation
  await writeNumberedVideo(ffmpeg, {
    path,
    widthPx,
    heightPx,
    ticks,
    ticksPerSecond,
    outputArgs,
    storedTurnDegrees,
  })
  if (rotation !== 0) {
    const bytes = await readFile(path)
    setDisplayRotation(bytes, rotation)
    await writeFile(path, bytes)
  }

  let shownPath = path
  let first = 0
  if (recipe.isCut) {
    first = 1 + (shape.clock % (ticks.length - 3))
    shownPath = path.replace('.mp4', '-shown.mp4')
    const start = (ticks[first]! / ticksPerSecond).toFixed(6)
    await runChild(ffmpeg, ['-v', 'error', '-ss', start, '-i', path, '-c', 'copy', ...clock, shownPath])
  }

  const video = await openVideo(shownPath, recipe.isIndexTrusted ? { checkEveryFrame: false } : {})
  const isTurned = rotation % 180 !== 0
  expect([video.widthPx, video.heightPx]).toEqual(isTurned ? [heightPx, widthPx] : [widthPx, heightPx])
  expect(video.frameCount).toBe(ticks.length - first)

  const { numerator, denominator } = video.timeBase
  const origin = recipe.isShifted ? video.presentationTicks[0]! : (recipe.startSeconds ?? 0) * ticksPerSecond
  const intended = ticks.slice(first).map((tick) => tick - ticks[first]! + origin)
  expect(denominator / numerator).toBe(ticksPerSecond)
  expect(video.presentationTicks).toEqual(intended)
  expect([...video.presentationTimes]).toEqual(intended.map((tick) => (tick * numerator) / denominator))

  await checkNumbers(video, first, shape.picks, expect)
  await video.close()
}

/** Streams everything, streams parts, and looks at single frames: every picture must show `first` + its index. */
async function checkNumbers(
  video: VideoSource,
  first: number,
  picks: readonly number[],
  expect: ExpectStatic,
): Promise<void> {
  const indices = Array.from({ length: video.frameCount }, (_, index) => index)
  expect(await numbersOf(video.frames())).toEqual(indices.map((index) => [index, first + index]))

  const chosen = picks.map((pick) => pick % video.frameCount)
  const [a, b, c, d] = chosen as [number, number, number, number]
  for (const range of [
    { first: Math.min(a, b), last: Math.max(a, b) },
    { first: Math.max(c, d), last: video.frameCount - 1 },
  ]) {
    const expected = indices.slice(range.first, range.last + 1).map((index) => [index, first + index])
    expect(await numbersOf(video.frames(range))).toEqual(expected)
  }

  // Singly and in any order; all at once; a step forward and back from each.
  for (const index of chosen.slice(0, 3)) expect(await numberAt(video, index)).toBe(first + index)
  expect(await Promise.all(chosen.map((index) => numberAt(video, index)))).toEqual(
    chosen.map((n) => first + n),
  )
  const middle = Math.max(1, Math.min(a, video.frameCount - 2))
  for (const index of [middle, middle + 1, middle, middle - 1]) {
    expect(await numberAt(video, index)).toBe(first + index)
  }
}

async function numbersOf(frames: ReturnType<VideoSource['frames']>): Promise<[number, number | null][]> {
  const numbers: [number, number | null][] = []
  for await (const frame of frames) numbers.push([frame.frameIndex, readNumber(frame)])
  return numbers
}

async function numberAt(video: VideoSource, frameIndex: number): Promise<number | null> {
  const frame = await video.frameAt(frameIndex)
  return frame.frameIndex === frameIndex ? readNumber(frame) : null
}
