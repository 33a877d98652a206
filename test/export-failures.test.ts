import { readdirSync, rmSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, statfs, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { exportFrames } from '../electron/engine/export/export-frames.ts'
import {
  ExportDiskFull,
  ExportEncoderFailed,
  ExportFolderNotWritable,
  ExportFrameRefused,
  ExportMismatch,
} from '../electron/engine/export/export-errors.ts'
import type { FrameMasks, FrameSink } from '../electron/engine/export/frame-sink.ts'
import { openVideoExports, type VideoExportName } from '../electron/engine/export/video-exports.ts'
import { emptyRunLength, encodeRunLength } from '../electron/engine/masks/run-length-mask.ts'
import { runningChildCount } from '../electron/engine/processes/child-processes.ts'
import { findMediaTools } from '../electron/engine/video/media-tools.ts'
import { openVideo } from '../electron/engine/video/open-video.ts'
import type { VideoSource } from '../electron/engine/video/video-source.ts'
import { mountSmallDisk } from './awkward-folders.ts'
import { writeNumberedVideo } from './numbered-video.ts'

const tools = await findMediaTools()
const frameCount = 40
let folder: string
let source: VideoSource
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maskwright-failures-'))
  const path = join(folder, 'clip.mp4')
  await writeNumberedVideo(tools.ffmpeg, {
    path,
    widthPx: 160,
    heightPx: 120,
    ticks: Array.from({ length: frameCount }, (_, frame) => frame * 512),
    ticksPerSecond: 12800,
    outputArgs: ['-c:v', 'libx264', '-preset', 'ultrafast'],
  })
  source = await openVideo(path, { tools })
})
afterAll(async () => {
  await source.close()
  await rm(folder, { recursive: true, force: true })
})

const objects = [{ objectId: 1, name: 'ball', colour: '#4cc2ff' }]
const everything: readonly VideoExportName[] = ['annotated-mp4', 'mask-png', 'palette-png', 'tracks-json']
const selection = { range: { first: 0, last: frameCount - 1 }, step: 1 }

function openSinks(outputFolder: string, names = everything): Promise<FrameSink> {
  return openVideoExports(names, { source, tools, selection, objects, outputFolder })
}

/** Noise, which neither PNG nor H.264 makes small. */
function noisyMasks(frameIndex: number): FrameMasks {
  const { widthPx, heightPx } = source
  let state = frameIndex + 1
  const data = Uint8Array.from({ length: widthPx * heightPx }, () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0
    return (state >>> 16) & 1
  })
  const mask = encodeRunLength({ widthPx, heightPx, data })
  return { frameIndex, masks: [{ objectId: 1, mask, objectScore: 1, predictedIou: 0.5 }] }
}

interface RunOptions {
  readonly onProgress?: (framesDone: number) => void
  readonly signal?: AbortSignal
  readonly whenStopped?: 'keep' | 'discard'
}

function run(sink: FrameSink, options: RunOptions = {}): ReturnType<typeof exportFrames> {
  const { whenStopped = 'keep', ...rest } = options
  return exportFrames({ source, tools, selection, sinks: [sink], masksOf: noisyMasks, whenStopped, ...rest })
}

async function errorOf(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    () => expect.unreachable('it should have failed'),
    (error: Error) => error,
  )
}

async function smallDisk(kilobytes: number, isReadOnly = false): Promise<string | null> {
  const disk = await mountSmallDisk({ kilobytes, isReadOnly })
  if (disk !== null) onTestFinished(() => disk.unmount())
  return disk?.path ?? null
}

describe('a full disk', () => {
  for (const names of [everything, ['annotated-mp4'], ['mask-png'], ['tracks-json']] as const) {
    it(`ends ${names.join(', ')} with a sentence and without a file`, async ({ skip }) => {
      // The tracks alone are small; the others have to fail in the middle.
      const disk = await smallDisk(names.length === 1 && names[0] === 'tracks-json' ? 4 : 60)
      if (disk === null) return skip('only root can mount a small disk')
      const out = join(disk, 'out')
      const error = await errorOf(openSinks(out, names).then((sink) => run(sink)))
      expect(error).toBeInstanceOf(ExportDiskFull)
      expect(error.message).toMatch(/The disk is full: .* could not be written/)
      expect(await readdir(disk)).toEqual([])
      const { bfree, blocks } = await statfs(disk)
      expect(bfree).toBe(blocks)
      expect(runningChildCount()).toBe(0)
    })
  }
})

describe('a folder that cannot be written', () => {
  it('is found out before any work', async ({ skip }) => {
    const disk = await smallDisk(64, true)
    if (disk === null) return skip('only root can mount a read-only disk')
    for (const out of [disk, join(disk, 'out')]) {
      const error = await errorOf(openSinks(out))
      expect(error).toBeInstanceOf(ExportFolderNotWritable)
      expect(error.message).toMatch(/cannot be written: its file system is read-only/)
    }
  })

  it('is found out by its permissions', async ({ skip }) => {
    if (process.getuid?.() === 0 || process.platform === 'win32')
      return skip('permissions mean nothing to root')
    const out = join(folder, 'closed')
    await mkdir(out)
    await chmod(out, 0o500)
    expect(await errorOf(openSinks(out))).toBeInstanceOf(ExportFolderNotWritable)
  })

  it('is named when a file stands in its place', async () => {
    const out = join(folder, 'a-file')
    await writeFile(out, 'mine')
    const error = await errorOf(openSinks(out))
    expect(error).toBeInstanceOf(ExportFolderNotWritable)
    expect(error.message).toMatch(/a file stands/)
  })

  it('leaves nothing of the other exports when the last one cannot be opened', async () => {
    const out = join(folder, 'half-open')
    await mkdir(join(out, 'tracks.json'), { recursive: true })
    expect(await errorOf(openSinks(out))).toBeInstanceOf(ExportFolderNotWritable)
    expect(await readdir(out)).toEqual(['tracks.json'])
    expect(runningChildCount()).toBe(0)
  })
})

describe('an ffmpeg that is killed half-way', () => {
  it('ends the export with a sentence and without a file', async () => {
    const out = join(folder, 'killed')
    const sink = await openSinks(out, ['annotated-mp4'])
    const encoders = await encodersWriting(out)
    expect(encoders).toHaveLength(1)
    const error = await errorOf(
      run(sink, { onProgress: (done) => void (done === 20 && process.kill(encoders[0]!, 'SIGKILL')) }),
    )
    expect(error).toBeInstanceOf(ExportEncoderFailed)
    expect(error.message).toMatch(
      /clip\.annotated\.mp4 could not be made: ffmpeg was stopped from outside \(SIGKILL\)/,
    )
    expect(await readdir(folder)).not.toContain('killed')
    expect(runningChildCount()).toBe(0)
  })

  it('keeps what an earlier export made', async () => {
    const out = join(folder, 'killed-again')
    await run(await openSinks(out))
    const before = await readdir(out, { recursive: true })
    expect(before).toContain(join('masks', 'ball', '00039.png'))
    const sink = await openSinks(out)
    const [encoder] = await encodersWriting(out)
    await errorOf(
      run(sink, { onProgress: (done) => void (done === 20 && process.kill(encoder!, 'SIGKILL')) }),
    )
    expect((await readdir(out, { recursive: true })).sort()).toEqual(before.sort())
  })
})

describe('what turns out wrong in the closing check', () => {
  /** Loses one mask while the export runs. */
  const spoiled = async (out: string): Promise<Error> =>
    errorOf(
      run(await openSinks(out), {
        onProgress: (done) => {
          if (done !== 20) return
          const masks = readdirSync(join(out, 'masks')).find((name) => name.endsWith('.partial'))!
          rmSync(join(out, 'masks', masks, '00003.png'))
        },
      }),
    )

  it('never gets its final name', async () => {
    const error = await spoiled(join(folder, 'spoiled'))
    expect(error).toBeInstanceOf(ExportMismatch)
    expect(error.message).toContain('ball lacks 00003.png')
    expect(await readdir(folder)).not.toContain('spoiled')
  })

  it('leaves an earlier export as it was', async () => {
    const out = join(folder, 'spoiled-again')
    await run(await openSinks(out))
    const digest = async () => {
      const files = (await readdir(out, { recursive: true, withFileTypes: true })).filter((one) =>
        one.isFile(),
      )
      return Promise.all(
        files.map(async ({ parentPath, name }) => [name, (await stat(join(parentPath, name))).mtimeMs]),
      )
    }
    const before = await digest()
    expect(await spoiled(out)).toBeInstanceOf(ExportMismatch)
    expect(await digest()).toEqual(before)
  })
})

describe('stopping', () => {
  it('completes everything with the frames that are done', async () => {
    const out = join(folder, 'stopped')
    const stop = new AbortController()
    const { report, wasStopped } = await run(await openSinks(out), {
      onProgress: (done) => void (done === 13 && stop.abort()),
      signal: stop.signal,
    })
    expect(wasStopped).toBe(true)
    expect(report).toMatchObject({ framesIn: 13, framesOut: 13 })
    expect(report.sentences).toContain('clip.annotated.mp4: 13 frames in, 13 out; times equal')
    expect((await readdir(out)).sort()).toEqual(['clip.annotated.mp4', 'masks', 'palette', 'tracks.json'])
    const film = await openVideo(join(out, 'clip.annotated.mp4'))
    expect(film.presentationTicks).toEqual(source.presentationTicks.slice(0, 13))
    await film.close()
  })

  it('removes everything when that is wanted, or when nothing is done yet', async () => {
    const stop = new AbortController()
    const sink = await openSinks(join(folder, 'discarded'))
    const error = await errorOf(
      run(sink, {
        onProgress: (done) => void (done === 13 && stop.abort()),
        signal: stop.signal,
        whenStopped: 'discard',
      }),
    )
    expect(error.name).toBe('AbortError')
    const { outputs } = await run(await openSinks(join(folder, 'discarded')), { signal: stop.signal })
    expect(outputs).toEqual([])
    expect(await readdir(folder)).not.toContain('discarded')
    expect(runningChildCount()).toBe(0)
  })
})

describe('frames that do not fit', () => {
  it('are refused', async () => {
    const frame = await source.frameAt(3)
    const masksOf = (heightPx: number): FrameMasks => ({
      frameIndex: 3,
      masks: [{ objectId: 1, mask: emptyRunLength(heightPx, 160), objectScore: 1, predictedIou: 1 }],
    })
    const refused: readonly [typeof frame, FrameMasks, RegExp][] = [
      [{ ...frame, frameIndex: 4 }, masksOf(120), /frame 4 came with the masks of frame 3/],
      [{ ...frame, widthPx: 159 }, masksOf(120), /frame 3 is 159x120, its video 160x120/],
      [frame, masksOf(60), /the mask of object 1 on frame 3 has another size/],
      [{ ...frame, frameIndex: 40 }, { frameIndex: 40, masks: [] }, /behind the video's end/],
    ]
    for (const [wrong, masks, why] of refused) {
      for (const name of ['annotated-mp4', 'mask-png', 'tracks-json'] as const) {
        const sink = await openSinks(join(folder, 'refused'), [name])
        const error = await errorOf(sink.write(wrong, masks))
        expect(error).toBeInstanceOf(ExportFrameRefused)
        expect(error.message).toMatch(why)
        await sink.abort()
      }
    }
    const sink = await openSinks(join(folder, 'refused'), ['tracks-json'])
    await sink.write(frame, masksOf(120))
    await expect(sink.write(frame, masksOf(120))).rejects.toThrow(/frame 3 came after frame 3/)
    await sink.abort()
    expect(await readdir(folder)).not.toContain('refused')
  })
})

/** Process ids of the ffmpegs whose command line names a file in this folder. */
async function encodersWriting(path: string): Promise<number[]> {
  const found: number[] = []
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue
    const command = await readFile(`/proc/${entry}/cmdline`, 'utf8').catch(() => '')
    const [program, ...args] = command.split('\0')
    if (/ffmpeg$/.test(program ?? '') && args.some((arg) => arg.startsWith(`file:${path}`)))
      found.push(Number(entry))
  }
  return found
}
