import { cp, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exportFrames } from '../electron/engine/export/export-frames.ts'
import { ExportMismatch } from '../electron/engine/export/export-errors.ts'
import type { WrittenOutput } from '../electron/engine/export/frame-sink.ts'
import { openVideoExports } from '../electron/engine/export/video-exports.ts'
import { verifyExport } from '../electron/engine/export/verify-export.ts'
import { runChild } from '../electron/engine/processes/child-processes.ts'
import { findMediaTools } from '../electron/engine/video/media-tools.ts'
import { openVideo } from '../electron/engine/video/open-video.ts'
import { writeNumberedVideo } from './numbered-video.ts'

const tools = await findMediaTools()
const frameIndices = [0, 1, 2, 3, 4, 5]
let folder: string
let out: string
let timesSeconds: number[]
let outputs: readonly WrittenOutput[]
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maskwright-verify-'))
  out = join(folder, 'out')
  const path = join(folder, 'clip.mp4')
  await writeNumberedVideo(tools.ffmpeg, {
    path,
    widthPx: 64,
    heightPx: 48,
    ticks: [0, 40, 95, 120, 200, 240],
    ticksPerSecond: 1000,
    outputArgs: ['-c:v', 'libx264', '-video_track_timescale', '1000'],
  })
  const source = await openVideo(path, { tools })
  timesSeconds = [...source.presentationTimes]
  const selection = { range: { first: 0, last: 5 }, step: 1 }
  const objects = [{ objectId: 1, name: 'ball', colour: '#4cc2ff' }]
  const names = ['annotated-mp4', 'mask-png', 'tracks-json'] as const
  const sink = await openVideoExports(names, {
    source,
    tools,
    selection,
    objects,
    outputFolder: join(folder, 'good'),
  })
  const result = await exportFrames({
    source,
    tools,
    selection,
    sinks: [sink],
    masksOf: (frameIndex) => ({ frameIndex, masks: [] }),
    whenStopped: 'discard',
  })
  await source.close()
  // Each test spoils a copy.
  outputs = result.outputs.map((output) =>
    output.kind === 'pictures'
      ? { ...output, stagedFolder: output.folder.replace('good', 'out') }
      : { ...output, stagedPath: output.path.replace('good', 'out') },
  )
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function differences(spoil: () => Promise<unknown>): Promise<readonly string[]> {
  await rm(out, { recursive: true, force: true })
  await cp(join(folder, 'good'), out, { recursive: true })
  await spoil()
  return verifyExport({ tools, frameIndices, timesSeconds, outputs }).then(
    () => [],
    (error: unknown) => {
      expect(error).toBeInstanceOf(ExportMismatch)
      return (error as ExportMismatch).differences
    },
  )
}

describe('the closing check', () => {
  it('says what agrees', async () => {
    expect(await differences(async () => {})).toEqual([])
    const report = await verifyExport({ tools, frameIndices, timesSeconds, outputs })
    expect(report).toEqual({
      framesIn: 6,
      framesOut: 6,
      sentences: [
        'clip.annotated.mp4: 6 frames in, 6 out; times equal',
        'ball: 6 frames in, 6 pictures out; numbers equal',
        'tracks.json: 6 frames in, 6 out; times equal',
      ],
    })
  })

  it('finds a film that lost a frame or shows one at another time', async () => {
    const film = join(out, 'clip.annotated.mp4')
    const remake =
      (...args: string[]) =>
      async () => {
        const other = join(out, 'other.mp4')
        await runChild(tools.ffmpeg, [
          '-v',
          'error',
          '-i',
          film,
          ...args,
          '-video_track_timescale',
          '1000',
          other,
        ])
        await rename(other, film)
      }
    expect(await differences(remake('-vf', "select='not(eq(n,3))'", '-fps_mode', 'passthrough'))).toEqual([
      'clip.annotated.mp4 has 5 frames instead of 6',
    ])
    const late = "setpts='if(eq(N,2),PTS+0.002/TB,PTS)'"
    expect(
      await differences(remake('-vf', late, '-fps_mode', 'passthrough', '-enc_time_base', '1/1000')),
    ).toEqual(['clip.annotated.mp4 shows frame 2 at 0.097000 s instead of 0.095000 s'])
  })

  it('finds pictures that are missing or too many', async () => {
    expect(await differences(() => rm(join(out, 'masks/ball/00004.png')))).toEqual(['ball lacks 00004.png'])
    expect(await differences(() => writeFile(join(out, 'masks/ball/00006.png'), ''))).toEqual([
      'ball has 7 pictures instead of 6',
    ])
  })

  it('finds tracks that are cut, out of order or at another time', async () => {
    const path = join(out, 'tracks.json')
    const change = (from: RegExp, to: string) => async () =>
      writeFile(path, (await readFile(path, 'utf8')).replace(from, to))
    expect(await differences(change(/\{"frame":4[^]*$/, ''))).toEqual([
      'tracks.json has 4 frames instead of 6',
    ])
    expect(await differences(change(/"framesWritten[^]*$/, ''))).toEqual(['tracks.json has no end'])
    expect(await differences(change(/"frame":3/, '"frame":4'))).toEqual([
      'tracks.json has frame 4 in the place of 3',
    ])
    expect(await differences(change(/"timeSeconds":0.12/, '"timeSeconds":0.121'))).toEqual([
      'tracks.json puts frame 3 at 0.121 s instead of 0.120000 s',
    ])
  })

  it('counts what every export was given', async () => {
    const fewer = verifyExport({ tools, frameIndices: [0, 1], timesSeconds: [0, 0.04], outputs })
    await expect(fewer).rejects.toThrow(
      /clip.annotated.mp4 has 6 frames instead of 2; ball was given 6 frames/,
    )
  })
})
