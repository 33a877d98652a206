import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { trackColour } from '../../electron/contract/palette.ts'
import { completeExport } from '../../electron/engine/export/export-frames.ts'
import { openVideoExports } from '../../electron/engine/export/video-exports.ts'
import { loadModel } from '../../electron/engine/tracking/load-model.ts'
import { trackVideo, type FramePrompt } from '../../electron/engine/tracking/track-video.ts'
import { findMediaTools } from '../../electron/engine/video/media-tools.ts'
import { openVideo } from '../../electron/engine/video/open-video.ts'
import { scriptOptions } from '../script-arguments.ts'

// npm run bench:memory: whether memory stays as it is over a long film. Exits 1 when it grows by more than 5 %.

const values = scriptOptions('usage: npm run bench:memory -- [--frames N] [--size N] [--model NAME|PATH]', {
  frames: { type: 'string', default: '3000' },
  size: { type: 'string', default: '512' },
  model: { type: 'string', default: 'nano' },
})
const frameCount = Number(values.frames)
const settledAfter = 200
const allowedGrowth = 1.05

const folder = mkdtempSync(join(tmpdir(), 'maskwright-memory-'))
const clip = join(folder, 'long.mp4')
const tools = await findMediaTools()
await promisify(execFile)(tools.ffmpeg, [
  ...['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=size=1280x720:rate=30', '-frames:v', String(frameCount)],
  ...['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p', clip],
])
const video = await openVideo(clip, { tools })
const { model } = await loadModel({ model: values.model, imageSize: Number(values.size) })
const range = { first: 0, last: video.frameCount - 1 }
const places = [
  { x: 200, y: 200 },
  { x: 640, y: 360 },
  { x: 1000, y: 600 },
]
const prompts: FramePrompt[] = places.map(({ x, y }, index) => ({
  objectId: index + 1,
  frameIndex: 0,
  prompt: { kind: 'points-or-box', points: [{ x, y, label: 1 }] },
}))
const objects = places.map((_, index) => ({
  objectId: index + 1,
  name: `object ${index + 1}`,
  colour: trackColour(index),
}))
const sink = await openVideoExports(['annotated-mp4', 'mask-png', 'tracks-json'], {
  ...{ source: video, tools, objects, outputFolder: join(folder, 'out'), selection: { range, step: 1 } },
})

const residentMegabytes: number[] = []
const start = performance.now()
for await (const { frame, tracked } of trackVideo({
  ...{ video, model, prompts, range, direction: 'forward', mode: 'default' },
})) {
  await sink.write(frame, tracked)
  residentMegabytes.push(process.memoryUsage.rss() / 2 ** 20)
  if (frame.frameIndex % 250 === 0)
    console.log(`frame ${frame.frameIndex}: ${residentMegabytes.at(-1)!.toFixed(0)} MiB`)
}
const seconds = (performance.now() - start) / 1000
await completeExport(
  video,
  tools,
  [sink],
  Array.from({ length: video.frameCount }, (_, index) => index),
)
await model.dispose()
await video.close()
rmSync(folder, { recursive: true })

const settled = Math.max(...residentMegabytes.slice(0, settledAfter))
const late = Math.max(...residentMegabytes.slice(Math.floor((residentMegabytes.length * 2) / 3)))
console.log(
  `${frameCount} frames, 3 objects, ${values.model} at ${values.size} px: peak ${settled.toFixed(0)} MiB in the first ` +
    `${settledAfter} frames, ${late.toFixed(0)} MiB in the last third (${((late / settled - 1) * 100).toFixed(1)} %); ` +
    `${(frameCount / seconds).toFixed(2)} frames/s with export`,
)
process.exitCode = late > settled * allowedGrowth ? 1 : 0
