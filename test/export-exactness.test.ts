import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { decode } from 'fast-png'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tracksFileSchema } from '../electron/contract/tracks.ts'
import { exportFrames } from '../electron/engine/export/export-frames.ts'
import type { ExportObject, ExportSelection, FrameMasks } from '../electron/engine/export/frame-sink.ts'
import { selectedFrames } from '../electron/engine/export/frame-sink.ts'
import { frameNumber } from '../electron/engine/export/frame-naming.ts'
import { openVideoExports } from '../electron/engine/export/video-exports.ts'
import { encodeRunLength } from '../electron/engine/masks/run-length-mask.ts'
import { findMediaTools } from '../electron/engine/video/media-tools.ts'
import { openVideo } from '../electron/engine/video/open-video.ts'
import type { DecodedFrame, VideoSource } from '../electron/engine/video/video-source.ts'
import { readNumber, setDisplayRotation, writeNumberedVideo } from './numbered-video.ts'

const tools = await findMediaTools()
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maskwright-export-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const h264 = (settings: string, pixelFormat: string): string[] => [
  ...['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '12', '-pix_fmt', pixelFormat],
  ...['-x264-params', `keyint=9:min-keyint=4:scenecut=0:${settings}`],
]

interface Recipe {
  readonly file: string
  readonly outputArgs: readonly string[]
  readonly ticksPerSecond: readonly number[]
  readonly isEven?: boolean
  readonly canRotate?: boolean
}

const recipes: Record<string, Recipe> = {
  'MP4 with B-frames, turned': {
    file: 'b.mp4',
    outputArgs: h264('bframes=3:b-pyramid=normal', 'yuv420p'),
    ticksPerSecond: [1000, 11456, 30000, 90000],
    isEven: true,
    canRotate: true,
  },
  'MP4 of odd size in 10 bits that starts late': {
    file: 'odd.mp4',
    outputArgs: [...h264('bframes=2', 'yuv444p10le'), '-output_ts_offset', '1.5'],
    ticksPerSecond: [1000, 90000],
    canRotate: true,
  },
  'Matroska, lossless, odd size': {
    file: 'lossless.mkv',
    outputArgs: ['-c:v', 'ffv1', '-g', '1'],
    ticksPerSecond: [1000],
  },
  'transport stream': {
    file: 'b.ts',
    outputArgs: h264('bframes=3', 'yuv420p'),
    ticksPerSecond: [90000],
    isEven: true,
  },
}

const shapes = fc.record({
  gaps: fc.array(fc.integer({ min: 17, max: 240 }), { minLength: 11, maxLength: 40 }),
  widthPx: fc.integer({ min: 64, max: 140 }),
  heightPx: fc.integer({ min: 64, max: 120 }),
  clock: fc.nat(),
  rotation: fc.constantFrom(0 as const, 90 as const, 180 as const, 270 as const),
  start: fc.nat(),
  end: fc.nat(),
  step: fc.constantFrom(1, 1, 2, 3),
  isWhole: fc.boolean(),
})
type Shape = typeof shapes extends fc.Arbitrary<infer T> ? T : never

describe('frames that carry their number come out with it, at their times', () => {
  it.concurrent.for(Object.entries(recipes))('%s', async ([, recipe]) => {
    await fc.assert(
      fc.asyncProperty(shapes, (shape) => checkExport(recipe, shape)),
      { numRuns: 2, endOnFailure: true },
    )
  })
})

const objects: readonly ExportObject[] = [{ objectId: 7, name: 'the/number', colour: '#4cc2ff' }]

async function checkExport(recipe: Recipe, shape: Shape): Promise<void> {
  const work = await mkdtemp(join(folder, 'run-'))
  const source = await openVideo(await writeSource(recipe, shape, join(work, recipe.file)))
  const count = source.frameCount
  const first = shape.isWhole ? 0 : shape.start % count
  const last = shape.isWhole ? count - 1 : first + (shape.end % (count - first))
  const selection: ExportSelection = { range: { first, last }, step: shape.step }
  const indices = selectedFrames(selection)

  const sink = await openVideoExports(['annotated-mp4', 'mask-png', 'palette-png', 'tracks-json'], {
    source,
    tools,
    selection,
    objects,
    outputFolder: join(work, 'out'),
    annotation: { fillOpacity: 0, outlinePx: 0, labels: false },
  })
  const { outputs, report, wasStopped } = await exportFrames({
    source,
    tools,
    selection,
    sinks: [sink],
    masksOf: (index) => maskOfNumber(source, index),
    whenStopped: 'keep',
  })
  expect(wasStopped).toBe(false)
  expect(report).toMatchObject({ framesIn: indices.length, framesOut: indices.length })
  expect(outputs.map((output) => output.kind)).toEqual(['video', 'pictures', 'pictures', 'tracks'])

  await checkFilm(source, first, indices, join(work, 'out', `${recipe.file.split('.')[0]}.annotated.mp4`))
  await checkPictures(join(work, 'out', 'masks', 'the_number'), indices, count, 255)
  await checkPictures(join(work, 'out', 'palette'), indices, count, 1)
  const tracks = tracksFileSchema.parse(JSON.parse(await readFile(join(work, 'out', 'tracks.json'), 'utf8')))
  expect(tracks.framesWritten).toBe(indices.length)
  expect(tracks.frames.map(({ frame, objects: [entry] }) => [frame, entry!.area])).toEqual(
    indices.map((index) => [index, index + 1]),
  )
  for (const { frame, timeSeconds } of tracks.frames)
    expect(timeSeconds).toBeCloseTo(source.presentationTimes[frame]!, 6)
  await source.close()
}

/** Reads the film back: even size, same numbers, same times as the source, in ticks. */
async function checkFilm(
  source: VideoSource,
  first: number,
  indices: readonly number[],
  path: string,
): Promise<void> {
  const film = await openVideo(path)
  const even = (size: number): number => size + (size % 2)
  expect([film.widthPx, film.heightPx]).toEqual([even(source.widthPx), even(source.heightPx)])
  const numbers: (number | null)[] = []
  for await (const frame of film.frames()) numbers.push(readNumber(croppedTo(frame, source)))
  expect(numbers).toEqual(indices)

  expect(film.timeBase).toEqual(source.timeBase)
  const offset = first === 0 ? 0 : source.presentationTicks[first]!
  expect(film.presentationTicks).toEqual(indices.map((index) => source.presentationTicks[index]! - offset))
  await film.close()
}

/** The masks' foreground tells the number too: one pixel more for each frame. Read by a reader that is not ours. */
async function checkPictures(
  path: string,
  indices: readonly number[],
  count: number,
  value: number,
): Promise<void> {
  const areas: number[] = []
  for (const index of indices) {
    const { data } = decode(await readFile(join(path, `${frameNumber(index, { frameCount: count })}.png`)))
    expect(new Set(data)).toEqual(new Set([0, value]))
    areas.push(data.filter((level) => level === value).length)
  }
  expect(areas).toEqual(indices.map((index) => index + 1))
  expect(await readdir(path)).toHaveLength(indices.length)
}

function maskOfNumber({ widthPx, heightPx }: VideoSource, frameIndex: number): FrameMasks {
  const data = new Uint8Array(widthPx * heightPx).fill(1, 0, frameIndex + 1)
  const mask = encodeRunLength({ widthPx, heightPx, data })
  return { frameIndex, masks: [{ objectId: 7, mask, objectScore: 4.2, predictedIou: 0.9 }] }
}

function croppedTo(frame: DecodedFrame, { widthPx, heightPx }: VideoSource): DecodedFrame {
  const rgb = new Uint8Array(widthPx * heightPx * 3)
  for (let y = 0; y < heightPx; y++) {
    const row = y * frame.widthPx * 3
    rgb.set(frame.rgb.subarray(row, row + widthPx * 3), y * widthPx * 3)
  }
  return { ...frame, widthPx, heightPx, rgb }
}

async function writeSource(recipe: Recipe, shape: Shape, path: string): Promise<string> {
  const ticksPerSecond = recipe.ticksPerSecond[shape.clock % recipe.ticksPerSecond.length]!
  const ticks = [0]
  for (const gap of shape.gaps)
    ticks.push(ticks.at(-1)! + Math.max(2, Math.round((gap * ticksPerSecond) / 1000)))
  const evenOr = (size: number): number => (recipe.isEven ? size - (size % 2) : size)
  const rotation = recipe.canRotate ? shape.rotation : 0
  await writeNumberedVideo(tools.ffmpeg, {
    path,
    widthPx: evenOr(shape.widthPx),
    heightPx: evenOr(shape.heightPx),
    ticks,
    ticksPerSecond,
    outputArgs: [
      ...recipe.outputArgs,
      ...(path.endsWith('.mp4') ? ['-video_track_timescale', String(ticksPerSecond)] : []),
    ],
    storedTurnDegrees: rotation,
  })
  if (rotation !== 0) {
    const bytes = await readFile(path)
    setDisplayRotation(bytes, rotation)
    await writeFile(path, bytes)
  }
  return path
}
