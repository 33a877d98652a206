import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runChild, runningChildCount } from '../processes/child-processes.ts'
import { findMediaTools } from './media-tools.ts'
import { openVideo } from './open-video.ts'
import type { DecodedFrame } from './video-source.ts'

const tools = await findMediaTools()
let folder: string
/** 400 frames, a keyframe every 25, B-frames, index at the front. */
let film: string
const filmFrames = 400

async function make(name: string, ...args: string[]): Promise<string> {
  const path = join(folder, name)
  await runChild(tools.ffmpeg, ['-v', 'error', '-y', ...args, path])
  return path
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maskwright-open-'))
  const picture = ['-f', 'lavfi', '-i', `testsrc=size=320x180:rate=25:duration=${filmFrames / 25}`]
  const sound = ['-f', 'lavfi', '-i', 'sine=duration=16']
  const coding = ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '2', '-g', '25', '-movflags', 'faststart']
  film = await make('film.mp4', ...picture, ...sound, ...coding)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('what cannot be opened', () => {
  const open = (name: string) => openVideo(join(folder, name))

  it('a path that leads nowhere', () =>
    expect(open('absent.mp4')).rejects.toMatchObject({ code: 'video-file-missing' }))

  it('an empty file', async () => {
    await writeFile(join(folder, 'empty.mp4'), '')
    await expect(open('empty.mp4')).rejects.toMatchObject({ code: 'empty-video-file' })
  })

  it('text named .mp4', async () => {
    await writeFile(join(folder, 'text.mp4'), 'This is no film.\n'.repeat(40))
    await expect(open('text.mp4')).rejects.toMatchObject({ code: 'unreadable-video' })
  })

  it('a film whose index was cut off with its end', async () => {
    const path = await make('index-last.mp4', '-i', film, '-c', 'copy')
    await truncate(path, 60_000)
    await expect(openVideo(path)).rejects.toThrow(/cut off/)
  })

  it('sound only', async () => {
    await make('sound.m4a', '-f', 'lavfi', '-i', 'sine=duration=1')
    await expect(open('sound.m4a')).rejects.toMatchObject({ code: 'no-video-stream' })
  })

  it('sound with a cover picture', async () => {
    const cover = await make('cover.png', '-f', 'lavfi', '-i', 'testsrc=size=64x64', '-frames:v', '1')
    const sound = ['-f', 'lavfi', '-i', 'sine=duration=1', '-i', cover]
    const coding = ['-map', '0', '-map', '1', '-c:v', 'png', '-disposition:v:0', 'attached_pic']
    await make('album.m4a', ...sound, ...coding)
    await expect(open('album.m4a')).rejects.toMatchObject({ code: 'no-video-stream' })
  })

  it('a video stream in which nothing decodes', async () => {
    const bytes = await readFile(film)
    const data = bytes.indexOf('mdat')
    await writeFile(
      join(folder, 'noise.mp4'),
      Buffer.concat([bytes.subarray(0, data + 4), Buffer.alloc(2000, 0xff)]),
    )
    await expect(open('noise.mp4')).rejects.toMatchObject({ code: 'no-video-frames' })
  })

  it('a list of other files, in a sentence without the path', async () => {
    await writeFile(join(folder, 'list.mp4'), 'ffconcat version 1.0\nfile /etc/passwd\n')
    const failure = await open('list.mp4').catch((error: unknown) => error as Error)
    expect(failure).toMatchObject({ code: 'unreadable-video' })
    expect((failure as Error).message).toMatch(/^list.mp4 cannot be read as a video: ffprobe says: [^/\n]+$/)
  })

  it('an empty folder, and pictures of different sizes', async () => {
    const pictures = join(folder, 'pictures')
    await mkdir(pictures)
    await expect(open('pictures')).rejects.toMatchObject({ code: 'empty-image-folder' })
    const create = (width: number) => ({
      create: { width, height: 20, channels: 3 as const, background: 'red' },
    })
    await sharp(create(30)).toFile(join(pictures, '1.png'))
    await sharp(create(31)).toFile(join(pictures, '2.png'))
    await expect(open('pictures')).rejects.toThrow('1.png is 30 x 20, 2.png is 31 x 20')
    await writeFile(join(pictures, '2.png'), 'no picture')
    await expect(open('pictures')).rejects.toMatchObject({ code: 'unreadable-video' })
  })

  it('leaves no process behind', () => expect(runningChildCount()).toBe(0))
})

describe('a film whose frames have to be counted', () => {
  it('shows the same frame under a number wherever one begins, also past a change of size', async () => {
    const coding = ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '2', '-f', 'mpegts']
    const source = (size: string) => ['-f', 'lavfi', '-i', `testsrc=size=${size}:rate=10:duration=1`]
    const small = await make('small.ts', ...source('320x180'), ...coding)
    // Begins before the first one ends, so that times repeat.
    const large = await make('large.ts', ...source('640x360'), '-output_ts_offset', '0.7', ...coding)
    const path = join(folder, 'grows.ts')
    await writeFile(path, Buffer.concat([await readFile(small), await readFile(large)]))
    const video = await openVideo(path, { cacheBytes: 0 })
    expect(video.frameCount).toBe(20)
    const streamed: Uint8Array[] = []
    for await (const frame of video.frames()) streamed.push(frame.rgb)
    for (const first of [5, 10, 13, 19]) {
      for await (const frame of video.frames({ first, last: 19 }))
        expect(Buffer.compare(frame.rgb, streamed[frame.frameIndex]!), `${first}: ${frame.frameIndex}`).toBe(
          0,
        )
    }
    expect((await video.frameAt(16)).frameIndex).toBe(16)
    await video.close()
  })
})

describe('what is known of a video', () => {
  it('sound, times and colours', async () => {
    const video = await openVideo(film)
    expect(video).toMatchObject({
      hasAudio: true,
      frameCount: filmFrames,
      averageFrameRate: 25,
      warnings: [],
    })
    expect(video.lastFrameTicks * video.timeBase.numerator * 25).toBe(video.timeBase.denominator)
    await video.close()
  })

  it('pixels that are not square, also when the picture is turned', async () => {
    const wide = await make(
      'wide.mp4',
      '-i',
      film,
      '-vf',
      'setsar=4/3',
      '-frames:v',
      '3',
      '-colorspace',
      'bt709',
    )
    const video = await openVideo(wide)
    expect(video).toMatchObject({ widthPx: 320, heightPx: 180, pixelAspectRatio: 4 / 3 })
    expect(video.colorTags).toMatchObject({ matrix: 'bt709' })
    await video.close()
  })

  it.each(['bt709', 'smpte170m'])('%s colours come out as they went in, but for rounding', async (matrix) => {
    const source = ['-f', 'lavfi', '-i', 'color=c=0x20C040:size=64x64:duration=0.2']
    const coding = [
      '-vf',
      `scale=out_color_matrix=${matrix}:out_range=tv`,
      '-colorspace',
      matrix,
      '-color_range',
      'tv',
    ]
    const path = await make(
      `${matrix}.mp4`,
      ...source,
      ...coding,
      '-pix_fmt',
      'yuv420p10le',
      '-c:v',
      'libx264',
    )
    const video = await openVideo(path)
    const { rgb } = await video.frameAt(0)
    for (const [channel, level] of [0x20, 0xc0, 0x40].entries()) {
      expect(Math.abs(rgb[channel]! - level)).toBeLessThanOrEqual(5)
    }
    await video.close()
  })

  it('a file that ends early has the frames that decode, and says so', async () => {
    const path = join(folder, 'early.mp4')
    await copyFile(film, path)
    await truncate(path, Math.floor((await readFile(film)).length * 0.6))
    const video = await openVideo(path, { checkEveryFrame: false })
    expect(video.frameCount).toBeGreaterThan(100)
    expect(video.frameCount).toBeLessThan(filmFrames)
    expect(video.warnings.join()).toMatch(/ends early: it should have 400 frames/)
    expect(await indicesOf(video.frames())).toEqual(
      Array.from({ length: video.frameCount }, (_, index) => index),
    )
    await video.close()
  })

  it('frames that do not decode in the middle are left out when every frame is checked', async () => {
    const path = join(folder, 'hurt.mp4')
    const bytes = await readFile(film)
    // Whole groups of pictures in the middle lose their data; the index still lists them.
    bytes.fill(0, Math.floor(bytes.length * 0.45), Math.floor(bytes.length * 0.6))
    await writeFile(path, bytes)
    const trusting = await openVideo(path, { checkEveryFrame: false })
    expect(trusting.frameCount).toBe(filmFrames)
    await expect(indicesOf(trusting.frames())).rejects.toMatchObject({ code: 'video-decode-failed' })
    await trusting.close()
    const video = await openVideo(path, { checkEveryFrame: true })
    expect(video.frameCount).toBeLessThan(filmFrames)
    expect(video.frameCount).toBeGreaterThan(filmFrames / 2)
    expect(video.warnings.join()).toMatch(/is damaged/)
    expect(await indicesOf(video.frames())).toEqual(
      Array.from({ length: video.frameCount }, (_, index) => index),
    )
    expect((await video.frameAt(video.frameCount - 2)).frameIndex).toBe(video.frameCount - 2)
    await video.close()
  })

  it('a picture is a video of one frame, upright', async () => {
    const path = join(folder, 'photo.jpg')
    const photo = sharp({ create: { width: 40, height: 20, channels: 3, background: 'green' } })
    await photo.withMetadata({ orientation: 6 }).toFile(path)
    const video = await openVideo(path)
    expect(video).toMatchObject({ frameCount: 1, widthPx: 20, heightPx: 40 })
    expect((await video.frameAt(0)).rgb.length).toBe(20 * 40 * 3)
    await video.close()
  })

  it('a folder of BMP pictures, with a name that ffmpeg would take for a pattern', async () => {
    const pictures = join(folder, 'bmp 100%d')
    await mkdir(pictures)
    const source = ['-f', 'lavfi', '-i', 'color=c=red:size=48x32']
    await copyFile(await make('red.bmp', ...source, '-frames:v', '1'), join(pictures, '1.bmp'))
    const video = await openVideo(pictures)
    const { rgb } = await video.frameAt(0)
    expect([rgb.length, rgb[0]! > 250, rgb[1]! < 5]).toEqual([48 * 32 * 3, true, true])
    await video.close()
  })
})

describe('streaming and looking', () => {
  it('asks for frames that exist', async () => {
    const video = await openVideo(film)
    await expect(video.frameAt(filmFrames)).rejects.toThrow(
      'film.mp4 has frames 0 to 399: there is no frame 400.',
    )
    await expect(video.frameAt(-1)).rejects.toMatchObject({ code: 'frame-out-of-range' })
    expect(() => video.frames({ first: 0, last: filmFrames })).toThrow('no frame 400')
    expect(await indicesOf(video.frames({ first: 5, last: 4 }))).toEqual([])
    await video.close()
  })

  it('a receiver that stops ends the decoder, a slow one holds it back', async () => {
    const video = await openVideo(film)
    const seen: number[] = []
    for await (const frame of video.frames({ first: 30, last: 390 })) {
      seen.push(frame.frameIndex)
      expect(runningChildCount()).toBe(1)
      if (seen.length === 3) await new Promise((resolve) => setTimeout(resolve, 300))
      if (seen.length === 5) break
    }
    expect(seen).toEqual([30, 31, 32, 33, 34])
    expect(runningChildCount()).toBe(0)
    await video.close()
  })

  it('can be aborted while streaming and while looking', async () => {
    const video = await openVideo(film)
    const stop = new AbortController()
    const streaming = (async () => {
      for await (const frame of video.frames(undefined, stop.signal))
        if (frame.frameIndex === 10) stop.abort()
    })()
    await expect(streaming).rejects.toMatchObject({ name: 'AbortError' })
    const stopLooking = new AbortController()
    const looking = video.frameAt(300, stopLooking.signal)
    const next = video.frameAt(301)
    stopLooking.abort()
    await expect(looking).rejects.toMatchObject({ name: 'AbortError' })
    expect((await next).frameIndex).toBe(301)
    await video.close()
  })

  it('closing ends everything, also a stream that nobody goes on reading', async () => {
    const video = await openVideo(film)
    const abandoned = video.frames()[Symbol.asyncIterator]()
    await abandoned.next()
    const looking = video.frameAt(200)
    const lost = expect(looking).rejects.toMatchObject({ code: 'video-source-closed' })
    await video.close()
    await lost
    expect(runningChildCount()).toBe(0)
    await expect(abandoned.next()).rejects.toMatchObject({ code: 'video-source-closed' })
    await expect(video.frameAt(0)).rejects.toMatchObject({ code: 'video-source-closed' })
  })

  it('two streams and single looks do not disturb each other', async () => {
    const video = await openVideo(film, { cacheBytes: 0 })
    const [a, b, ...looks] = await Promise.all([
      indicesOf(video.frames({ first: 0, last: 60 })),
      indicesOf(video.frames({ first: 333, last: 399 })),
      ...[5, 399, 120, 119, 118, 121].map(async (index) => (await video.frameAt(index)).frameIndex),
    ])
    expect(a).toEqual(Array.from({ length: 61 }, (_, index) => index))
    expect(b).toEqual(Array.from({ length: 67 }, (_, index) => 333 + index))
    expect(looks).toEqual([5, 399, 120, 119, 118, 121])
    await video.close()
  })

  it('a look gives the same pixels as the stream, and neighbours start no other decoder', async () => {
    const { counted, starts } = await countingFfmpeg()
    const video = await openVideo(film, { tools: { ...tools, ffmpeg: counted } })
    const streamed = new Map<number, DecodedFrame>()
    for await (const frame of video.frames({ first: 140, last: 180 })) streamed.set(frame.frameIndex, frame)
    const before = await starts()
    for (const index of [170, 171, 172, 173, 172, 171, 170, 169, 168, 167, 150, 151]) {
      const frame = await video.frameAt(index)
      expect(Buffer.compare(frame.rgb, streamed.get(index)!.rgb)).toBe(0)
    }
    // One for the jump to 170 and one for the run of frames before it.
    expect((await starts()) - before).toBe(2)
    await video.close()
  })

  it('says so when ffmpeg is killed half-way, and does not hang', async () => {
    const { counted, lastProcessId } = await countingFfmpeg()
    const video = await openVideo(film, { tools: { ...tools, ffmpeg: counted } })
    const streaming = (async () => {
      for await (const frame of video.frames()) {
        if (frame.frameIndex === 7) process.kill(await lastProcessId(), 'SIGKILL')
      }
    })()
    await expect(streaming).rejects.toMatchObject({ code: 'video-decode-failed' })
    await expect(streaming).rejects.toThrow(
      /Frame \d+ of film.mp4 was not decoded: .* was stopped by SIGKILL/,
    )
    expect(runningChildCount()).toBe(0)

    // A decoder that was kept for the next step and died meanwhile is replaced.
    await video.frameAt(50)
    process.kill(await lastProcessId(), 'SIGKILL')
    expect((await video.frameAt(53)).frameIndex).toBe(53)
    await video.close()
  })
})

async function indicesOf(frames: AsyncIterable<DecodedFrame>): Promise<number[]> {
  const indices: number[] = []
  for await (const frame of frames) indices.push(frame.frameIndex)
  return indices
}

/** The real ffmpeg behind a script that notes each start and its process id. */
async function countingFfmpeg() {
  const notes = join(await mkdtemp(join(folder, 'counted-')), 'starts')
  const counted = `${notes}.sh`
  await writeFile(notes, '')
  await writeFile(counted, `#!/bin/sh\necho $$ >> '${notes}'\nexec '${tools.ffmpeg}' "$@"\n`)
  await chmod(counted, 0o755)
  const lines = async () => (await readFile(notes, 'utf8')).split('\n').filter((line) => line !== '')
  return {
    counted,
    starts: async () => (await lines()).length,
    lastProcessId: async () => Number((await lines()).at(-1)),
  }
}
