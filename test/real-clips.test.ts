import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { hasSharedMaterial, sharedMaterial } from './fixtures/shared-material.ts'
import { runChild } from '../electron/engine/processes/child-processes.ts'
import { findMediaTools } from '../electron/engine/video/media-tools.ts'
import { openVideo } from '../electron/engine/video/open-video.ts'

const tools = await findMediaTools()
const quiet = ['-v', 'error']

const clips = [
  { at: 'sample/bottles.mp4', frames: 1189, clock: 11456, looks: [0, 5, 700, 1188] },
  { at: 'clips/video/dog.mp4', frames: 289, clock: 30000, looks: [288, 1] },
]

describe('real clips', () => {
  const here = clips.filter(({ at }) => at.startsWith('sample/') || hasSharedMaterial(at))
  it.each(here)('$at: times and pixels are those of a plain decode', async ({ at, frames, clock, looks }) => {
    const isShipped = at.startsWith('sample/')
    const location = isShipped ? new URL(`./fixtures/${at}`, import.meta.url) : sharedMaterial(at)
    const path = fileURLToPath(location)
    const video = await openVideo(path)
    expect(video.frameCount).toBe(frames)
    expect(video.timeBase).toEqual({ numerator: 1, denominator: clock })
    expect(video.warnings).toEqual([])

    // ffprobe decodes on its own; its frames come in presentation order.
    const entries = [
      '-select_streams',
      'v:0',
      '-show_entries',
      'frame=best_effort_timestamp',
      '-of',
      'csv=p=0',
    ]
    const told = (await runChild(tools.ffprobe, [...quiet, ...entries, path])).toString('utf8')
    expect(video.presentationTicks).toEqual(told.match(/-?\d+/g)?.map(Number))
    expect(video.presentationTimes.at(-1)).toBe(video.presentationTicks.at(-1)! / clock)

    // ffmpeg's own count of frames, without any seeking.
    const wanted = [...looks].sort((a, b) => a - b)
    const select = `select=${wanted.map((index) => `eq(n\\,${index})`).join('+')}`
    const output = ['-fps_mode', 'passthrough', '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-']
    const pixels = await runChild(tools.ffmpeg, [
      ...quiet,
      '-i',
      path,
      '-map',
      '0:v:0',
      '-vf',
      select,
      ...output,
    ])
    for (const index of looks) {
      const { rgb } = await video.frameAt(index)
      const start = wanted.indexOf(index) * rgb.length
      expect(Buffer.compare(rgb, pixels.subarray(start, start + rgb.length))).toBe(0)
    }
    await video.close()
  })
})
