import { z } from 'zod'
import { formatTable } from '../../electron/cli/text-table.ts'
import { trackVideo, type TrackedPicture } from '../../electron/engine/tracking/track-video.ts'
import { isRunLengthEmpty } from '../../electron/engine/masks/run-length-measures.ts'
import { openCheckpoint } from '../../models/checkpoint/checkpoint.ts'
import { Sam2Model } from '../../models/sam2/sam2-model.ts'
import { followScenes, sceneClip, scenePrompts, type FollowScene } from './follow-scenes.ts'
import { ClipVideo } from './stress/clip-video.ts'
import { benchSubjects } from './subjects.ts'
import { scriptOptions } from '../script-arguments.ts'

// npm run bench:follow: what each part of the default mode costs over the reference. The ways of a scene take turns frame
// by frame, so that whatever else the machine does falls on all of them alike; each encodes its pictures itself. Processor
// time is what counts: it says the same on a busy machine. tiny has random weights: it may lose the object, and with it
// the zoom; the pictures a frame say whether it did.

const usage =
  'usage: npm run bench:follow -- [--model NAME|"NAME SIDE"] [--frames N] [--threads N] [--scene NAME]...'

const options = z
  .object({
    model: z.string(),
    frames: z.coerce.number().int().min(12),
    threads: z.coerce.number().int().positive().optional(),
    scene: z.array(z.enum(followScenes.map(({ name }) => name))),
  })
  .parse(
    scriptOptions(usage, {
      model: { type: 'string', default: 'nano' },
      frames: { type: 'string', default: '28' },
      threads: { type: 'string' },
      scene: { type: 'string', multiple: true, default: followScenes.map(({ name }) => name) },
    }),
  )

/** Frames until the bank is full and every graph has been made; they do not count. */
const warmUpFrames = 8

/** Pictures that were encoded so far, whole frames and parts of them. */
let encoded = 0
const [subject] = await benchSubjects(options.model)
const model = await Sam2Model.load(await openCheckpoint(subject!.checkpointPath), subject!.configuration, {
  ...(options.threads ? { threads: options.threads } : {}),
  onRun: (graph) => {
    if (graph === 'image-encoder') encoded++
  },
})
console.log(`${subject!.name}, ${options.frames - warmUpFrames} frames each`)
const head = [
  'scene',
  'way',
  'ms a frame',
  'processor ms',
  'this part',
  'over reference',
  '',
  'pictures',
  'seen',
]
const rows: string[][] = [head]
for (const scene of followScenes.filter(({ name }) => options.scene.includes(name)))
  rows.push(...(await measure(scene)))
await model.dispose()
console.log(formatTable(rows))

async function measure(scene: FollowScene): Promise<string[][]> {
  const clip = sceneClip(scene, options.frames)
  const runs = scene.ways.map(({ name, mode, tracking }) => ({
    name,
    frames: trackVideo({
      ...{ video: new ClipVideo(clip), model, mode, tracking, direction: 'forward' },
      prompts: scenePrompts(scene),
      range: { first: 0, last: clip.frameCount - 1 },
    }),
    ...{ times: [] as number[], processorTimes: [] as number[], pictures: 0, seen: 0 },
  }))
  for (let frameIndex = 0; frameIndex < clip.frameCount; frameIndex++) {
    // Another one begins with every frame: who comes first finds the caches cold.
    for (const turn of runs.keys()) {
      const run = runs[(frameIndex + turn) % runs.length]!
      const [start, startProcessor, startEncoded] = [performance.now(), process.cpuUsage(), encoded]
      const { value } = (await run.frames.next()) as { value: TrackedPicture }
      if (frameIndex < warmUpFrames) continue
      run.times.push(performance.now() - start)
      const { user, system } = process.cpuUsage(startProcessor)
      run.processorTimes.push((user + system) / 1_000)
      run.pictures += encoded - startEncoded
      run.seen += value.tracked.masks.filter(({ mask }) => !isRunLengthEmpty(mask)).length
    }
  }
  for (const { frames } of runs) await frames.return(undefined)
  const costs = runs.map(({ processorTimes }) => median(processorTimes))
  return runs.map(({ name, times, pictures, seen }, index) => {
    const [ms, before, reference] = [costs[index]!, costs[Math.max(index - 1, 0)]!, costs[0]!]
    return [
      scene.name,
      name,
      median(times).toFixed(1),
      ...[ms, ms - before, ms - reference].map((value) => value.toFixed(1)),
      `${((ms / reference - 1) * 100).toFixed(1)} %`,
      (pictures / times.length).toFixed(2),
      `${seen}/${times.length * scene.objects}`,
    ]
  })
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!
}
