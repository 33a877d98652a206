import { parseArgs } from 'node:util'
import { z } from 'zod'
import { formatTable } from '../../electron/cli/text-table.ts'
import { trackVideo, type TrackedPicture } from '../../electron/engine/tracking/track-video.ts'
import { DEFAULT_TRACKING, OFFICIAL_TRACKING } from '../../electron/engine/tracking/tracking-options.ts'
import { isRunLengthEmpty } from '../../electron/engine/masks/run-length-measures.ts'
import { openCheckpoint } from '../../models/checkpoint/checkpoint.ts'
import { Sam2Model } from '../../models/sam2/sam2-model.ts'
import { benchSubjects } from './subjects.ts'
import { ClipVideo } from './stress/clip-video.ts'
import type { StressClip } from './stress/stress-clip.ts'

// npm run bench:follow: what the default mode costs over the reference. All ways of following take turns frame by frame,
// so that whatever else the machine does falls on all of them alike; each encodes its pictures itself. Processor time is
// what counts: it says the same on a busy machine. tiny has random weights.

const options = z
  .object({
    model: z.string(),
    frames: z.coerce.number().int().min(12),
    threads: z.coerce.number().int().positive().optional(),
  })
  .parse(
    parseArgs({
      options: {
        model: { type: 'string', default: 'nano 512' },
        frames: { type: 'string', default: '40' },
        threads: { type: 'string' },
      },
    }).values,
  )

/** Frames until the bank is full and every graph has been made; they do not count. */
const warmUpFrames = 8
const widthPx = 854
const heightPx = 480
const radiusPx = 90

const ways = {
  reference: { mode: 'reference', tracking: OFFICIAL_TRACKING },
  'default, sam2, no zoom, no shots': { mode: 'default', tracking: OFFICIAL_TRACKING },
  'default, selective, no zoom, no shots': {
    mode: 'default',
    tracking: { ...OFFICIAL_TRACKING, memorySelection: 'selective' },
  },
  default: { mode: 'default', tracking: DEFAULT_TRACKING },
} as const

const [subject] = await benchSubjects(options.model)
const checkpoint = await openCheckpoint(subject!.checkpointPath)
const model = await Sam2Model.load(
  checkpoint,
  subject!.configuration,
  options.threads ? { threads: options.threads } : {},
)
const clip = movingDisc(options.frames)
const runs = Object.entries(ways).map(([way, { mode, tracking }]) => {
  const video = new ClipVideo(clip)
  const box = [60, heightPx / 2 - radiusPx, 60 + 2 * radiusPx, heightPx / 2 + radiusPx] as const
  const frames = trackVideo({
    ...{ video, model, mode, tracking, direction: 'forward' },
    prompts: [{ objectId: 1, frameIndex: 0, prompt: { kind: 'points-or-box', box } }],
    range: { first: 0, last: clip.frameCount - 1 },
  })
  return { way, frames, times: [] as number[], processorTimes: [] as number[], present: 0 }
})
for (let frameIndex = 0; frameIndex < clip.frameCount; frameIndex++) {
  // Another one begins with every frame: who comes first finds the caches cold.
  for (const turn of runs.keys()) {
    const run = runs[(frameIndex + turn) % runs.length]!
    const start = performance.now()
    const startProcessor = process.cpuUsage()
    const { value } = (await run.frames.next()) as { value: TrackedPicture }
    if (frameIndex < warmUpFrames) continue
    run.times.push(performance.now() - start)
    const { user, system } = process.cpuUsage(startProcessor)
    run.processorTimes.push((user + system) / 1_000)
    if (!isRunLengthEmpty(value.tracked.masks[0]!.mask)) run.present++
  }
}
for (const { frames } of runs) await frames.return(undefined)
await model.dispose()

console.log(`${subject!.name} px, ${clip.frameCount - warmUpFrames} frames each, one object`)
const reference = median(runs[0]!.processorTimes)
const rows = runs.map(({ way, times, processorTimes, present }) => {
  const ms = median(processorTimes)
  const share = `${((ms / reference - 1) * 100).toFixed(1)} %`
  const seen = `${present}/${times.length}`
  return [way, median(times).toFixed(1), ms.toFixed(1), (ms - reference).toFixed(1), share, seen]
})
console.log(
  formatTable([['way', 'ms a frame', 'processor ms', 'over reference', '', 'object seen'], ...rows]),
)

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!
}

/** A bright disc on a pattern, painted once and kept, so that painting is in nobody's time. */
function movingDisc(frameCount: number): StressClip {
  const painted = Array.from({ length: frameCount }, (_, frameIndex) => {
    const rgb = new Uint8Array(widthPx * heightPx * 3)
    const data = new Uint8Array(widthPx * heightPx)
    for (let y = 0; y < heightPx; y++) {
      for (let x = 0; x < widthPx; x++) {
        const pixel = y * widthPx + x
        const isDisc = Math.hypot(x - 60 - radiusPx - 3 * frameIndex, y - heightPx / 2) < radiusPx
        data[pixel] = isDisc ? 1 : 0
        rgb.fill(isDisc ? 220 : 60 + 30 * Math.sin(x / 9) * Math.cos(y / 7), pixel * 3, pixel * 3 + 3)
      }
    }
    return { picture: { rgb, widthPx, heightPx }, truth: { data, widthPx, heightPx }, wrong: null }
  })
  return {
    ...{ category: 'e', name: 'disc', degree: null, widthPx, heightPx, frameCount, returns: [] },
    pictureNumber: (frameIndex) => frameIndex,
    paint: (frameIndex) => Promise.resolve(painted[frameIndex]!),
  }
}
