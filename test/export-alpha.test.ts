import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exportFrames } from '../electron/engine/export/export-frames.ts'
import type { ExportReport } from '../electron/engine/export/verify-export.ts'
import { openVideoExports, type VideoExportName } from '../electron/engine/export/video-exports.ts'
import type { BinaryMask } from '../electron/engine/masks/binary-mask.ts'
import { arbitraryMaskOf } from '../electron/engine/masks/mask-arbitrary.ts'
import { encodeRunLength } from '../electron/engine/masks/run-length-mask.ts'
import { runChild } from '../electron/engine/processes/child-processes.ts'
import { findMediaTools } from '../electron/engine/video/media-tools.ts'
import { openVideo } from '../electron/engine/video/open-video.ts'
import type { VideoSource } from '../electron/engine/video/video-source.ts'
import { writeNumberedVideo } from './numbered-video.ts'

const tools = await findMediaTools()
const [widthPx, heightPx] = [85, 63] // Odd: alpha must not need even sides.
const ticks = [0, 1200, 1900, 4000, 4700, 6600, 7000, 9100]
let folder: string
let source: VideoSource
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maskwright-alpha-'))
  const path = join(folder, 'clip.mkv')
  const outputArgs = ['-c:v', 'ffv1']
  await writeNumberedVideo(tools.ffmpeg, { path, widthPx, heightPx, ticks, ticksPerSecond: 1000, outputArgs })
  source = await openVideo(path, { tools })
})
afterAll(async () => {
  await source.close()
  await rm(folder, { recursive: true, force: true })
})

const objects = [
  { objectId: 4, name: 'ball', colour: '#4cc2ff' },
  { objectId: 9, name: 'Ball', colour: '#ff8a4c' },
]
type FilmMasks = readonly (readonly [BinaryMask, BinaryMask])[]
const one = arbitraryMaskOf(widthPx, heightPx)
const film = fc.array(fc.tuple(one, one), { minLength: ticks.length, maxLength: ticks.length })
/** The same few films for every format: noise, holes, single pixels, empty and full masks. */
const films: readonly FilmMasks[] = fc.sample(film, { numRuns: 2, seed: 20 })

async function exportMasks(masks: FilmMasks, name: VideoExportName): Promise<[string, ExportReport]> {
  const outputFolder = await mkdtemp(join(folder, 'out-'))
  const selection = { range: { first: 0, last: ticks.length - 1 }, step: 1 }
  const sink = await openVideoExports([name], { source, tools, selection, objects, outputFolder })
  const { report } = await exportFrames({
    source,
    tools,
    selection,
    sinks: [sink],
    masksOf: (frameIndex) => ({
      frameIndex,
      masks: objects.map(({ objectId }, index) => ({
        objectId,
        mask: encodeRunLength(masks[frameIndex]![index]!),
        objectScore: null,
        predictedIou: null,
      })),
    }),
    whenStopped: 'discard',
  })
  return [outputFolder, report]
}

/** The film decoded again by ffmpeg, a picture a frame in the pixel format asked for. */
async function decodeFilm(path: string, pixelFormat: string, bytesPerPixel: number): Promise<Uint8Array[]> {
  // ffmpeg's own VP9 decoder drops the alpha layer.
  const decoder = path.endsWith('.webm') ? ['-c:v', 'libvpx-vp9'] : []
  const bytes = await runChild(tools.ffmpeg, [
    ...['-v', 'error', ...decoder, '-i', path, '-fps_mode', 'passthrough'],
    ...['-f', 'rawvideo', '-pix_fmt', pixelFormat, 'pipe:1'],
  ])
  const frameBytes = bytes.length / ticks.length
  expect(frameBytes % bytesPerPixel).toBe(0)
  return ticks.map((_, index) => bytes.subarray(index * frameBytes, (index + 1) * frameBytes))
}

function union([first, second]: readonly [BinaryMask, BinaryMask]): number[] {
  return Array.from(first.data, (value, place) => value | second.data[place]!)
}

/** Alpha of RGBA pixels, cut in half: 1 from the middle up. */
const alphaOf = (rgba: Uint8Array): number[] => {
  const alpha: number[] = []
  for (let at = 3; at < rgba.length; at += 4) alpha.push(rgba[at]! >> 7)
  return alpha
}

describe('alpha films give the masks back', () => {
  it.concurrent.for(['prores-4444', 'webm-alpha'] as const)('%s', async (name) => {
    for (const masks of films) {
      const [out, report] = await exportMasks(masks, name)
      expect(report.framesOut).toBe(ticks.length)
      const [file] = await readdir(out)
      const frames = await decodeFilm(join(out, file!), 'rgba', 4)
      for (const [index, rgba] of frames.entries()) {
        expect(rgba.length).toBe(widthPx * heightPx * 4)
        const wrong = differing(alphaOf(rgba), union(masks[index]!))
        expect([name, index, wrong]).toEqual([name, index, 0])
      }
    }
  })
})

function differing(first: readonly number[], second: readonly number[]): number {
  return first.filter((value, place) => value !== second[place]).length
}

describe('mask films', () => {
  it('show each object white on black in a film of its own', async () => {
    for (const masks of films) {
      const [out] = await exportMasks(masks, 'mask-mp4')
      expect((await readdir(out)).sort()).toEqual(['clip.Ball 2.mask.mp4', 'clip.ball.mask.mp4'])
      for (const [object, file] of ['clip.ball.mask.mp4', 'clip.Ball 2.mask.mp4'].entries()) {
        const frames = await decodeFilm(join(out, file), 'gray', 1)
        for (const [index, grey] of frames.entries()) {
          const even = widthPx + 1
          const mask = masks[index]![object]!.data
          let wrong = 0
          for (let place = 0; place < mask.length; place++) {
            const level = grey[Math.floor(place / widthPx) * even + (place % widthPx)]!
            if (level > 127 !== (mask[place] === 1)) wrong++
          }
          expect([file, index, wrong]).toEqual([file, index, 0])
        }
      }
    }
  })
})

describe('cut-outs', () => {
  it('keep the pixels of the object and nothing else', async () => {
    const masks = films[0]!
    const [out] = await exportMasks(masks, 'cutout-png')
    for (let index = 0; index < ticks.length; index++) {
      const { rgb } = await source.frameAt(index)
      for (const [object, name] of ['ball', 'Ball 2'].entries()) {
        const file = await readFile(join(out, 'cutouts', name, `0000${index}.png`))
        const { data, info } = await sharp(file).raw().toBuffer({ resolveWithObject: true })
        expect(info).toMatchObject({ width: widthPx, height: heightPx, channels: 4 })
        const mask = masks[index]![object]!.data
        const expected = new Uint8Array(mask.length * 4)
        mask.forEach((value, place) => {
          if (value === 1) expected.set([...rgb.subarray(place * 3, place * 3 + 3), 255], place * 4)
        })
        expect(Buffer.compare(data, expected)).toBe(0)
      }
    }
  })
})

describe('green screen', () => {
  it('is green around the objects and the picture inside', async () => {
    const [out] = await exportMasks([...films[0]!], 'green-screen')
    const written = await openVideo(join(out, 'clip.green.mp4'))
    for (let index = 0; index < ticks.length; index++) {
      const [was, is] = [await source.frameAt(index), await written.frameAt(index)]
      const mask = union(films[0]![index]!)
      for (let place = 0; place < mask.length; place++) {
        const [x, y] = [place % widthPx, Math.floor(place / widthPx)]
        // Coding blurs edges; look where a whole neighbourhood is of one kind and the picture has no edge.
        if (!isInside(mask, x, y)) continue
        const at = (y * is.widthPx + x) * 3
        const expected = mask[place] === 1 ? [...was.rgb.subarray(place * 3, place * 3 + 3)] : [0, 177, 64]
        if (mask[place] === 1 && !isFlat(was.rgb, x, y)) continue
        for (let channel = 0; channel < 3; channel++)
          expect(Math.abs(is.rgb[at + channel]! - expected[channel]!)).toBeLessThan(24)
      }
    }
    await written.close()
  })
})

function isInside(mask: readonly number[], x: number, y: number): boolean {
  return neighbours(x, y).every((place) => mask[place] === mask[y * widthPx + x])
}

function isFlat(rgb: Uint8Array, x: number, y: number): boolean {
  return neighbours(x, y).every((place) => rgb[place * 3] === rgb[(y * widthPx + x) * 3])
}

function neighbours(x: number, y: number): number[] {
  const places: number[] = []
  for (let row = Math.max(0, y - 3); row <= Math.min(heightPx - 1, y + 3); row++)
    for (let column = Math.max(0, x - 3); column <= Math.min(widthPx - 1, x + 3); column++)
      places.push(row * widthPx + column)
  return places
}
