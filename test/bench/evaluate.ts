import { z } from 'zod'
import type { BinaryMask } from '../../electron/engine/masks/binary-mask.ts'
import { deepestPoint } from '../../electron/engine/masks/deepest-point.ts'
import {
  decodeRunLength,
  emptyRunLength,
  encodeRunLength,
} from '../../electron/engine/masks/run-length-mask.ts'
import { runLengthBox } from '../../electron/engine/masks/run-length-measures.ts'
import { DEFAULT_SETTINGS } from '../../electron/contract/settings.ts'
import { loadModel } from '../../electron/engine/tracking/load-model.ts'
import { trackVideo, type FramePrompt } from '../../electron/engine/tracking/track-video.ts'
import { openVideo } from '../../electron/engine/video/open-video.ts'
import type { Sam2Model } from '../../models/sam2/sam2-model.ts'
import {
  maskOfObject,
  NoTrueMask,
  readTrueLabels,
  sequencesIn,
  type Sequence,
  type TrueLabels,
} from './davis-folder.ts'
import { boundaryAccuracy } from './metrics/boundary-accuracy.ts'
import { meanAccuracy, regionAndBoundary, type Accuracy } from './metrics/mean-accuracy.ts'
import { regionSimilarity } from './metrics/region-similarity.ts'
import type { JudgedFrame } from './metrics/suspect-accuracy.ts'
import { suspectTable } from './suspect-table.ts'
import { formatTable } from '../../electron/cli/text-table.ts'
import { scriptArguments } from '../script-arguments.ts'

// npm run evaluate -- DIR: J and F of a folder in DAVIS layout, prompted on each object's first mask. With --suspects also
// how well suspicion finds the frames whose true IoU is below 0.6.

const usage =
  'usage: npm run evaluate -- DIR [--prompt mask|box|click] [--model NAME|PATH] [--mode reference|default] [--size N] [--threads N] [--precision auto|fp32|int8] [--only SEQUENCE]... [--suspects]'

/** A mask whose true IoU is below is wrong. */
const rightFrom = 0.6

const { values, positionals } = scriptArguments(usage, {
  prompt: { type: 'string', default: 'mask' },
  model: { type: 'string', default: 'nano' },
  mode: { type: 'string', default: 'default' },
  size: { type: 'string' },
  threads: { type: 'string' },
  precision: { type: 'string', default: 'auto' },
  only: { type: 'string', multiple: true },
  suspects: { type: 'boolean', default: false },
})
const options = z
  .object({
    folder: z.tuple([z.string()], usage).transform(([folder]) => folder),
    prompt: z.enum(['mask', 'box', 'click'], usage),
    mode: z.enum(['reference', 'default'], usage),
    size: z.coerce.number().int().positive().optional(),
    threads: z.coerce.number().int().positive().optional(),
    precision: z.enum(['auto', 'fp32', 'int8'], usage),
  })
  .parse({ folder: positionals, ...values })

const sequences = await sequencesIn(options.folder, values.only)
const { model, name } = await loadModel({
  model: values.model,
  precision: options.mode === 'reference' ? 'fp32' : options.precision,
  ...(options.size ? { imageSize: options.size } : {}),
  ...(options.threads ? { threads: options.threads } : {}),
})
console.log(
  `${name} at ${model.imageSize} px, ${options.mode} mode, ${options.prompt} prompt on each object's first mask`,
)
const rows: string[][] = [['sequence', 'objects', 'frames', 'J', 'F', 'J&F', 'frames/s']]
const totals: Accuracy[] = []
const suspects: { name: string; judged: readonly JudgedFrame[] }[] = []
for (const sequence of sequences) {
  const result = await evaluate(sequence, model)
  totals.push(...result.objects)
  suspects.push({ name: sequence.name, judged: result.judged })
  const accuracy = meanAccuracy(result.objects)
  rows.push([
    sequence.name,
    String(result.objects.length),
    String(result.frameCount),
    ...figures(accuracy),
    result.framesPerSecond.toFixed(2),
  ])
}
await model.dispose()
console.log(formatTable(rows))
const [j, f, both] = figures(meanAccuracy(totals))
console.log(`J ${j} F ${f} J&F ${both}`)
if (values.suspects) {
  const { suspicionThreshold } = DEFAULT_SETTINGS
  console.log(`\nsuspect above ${suspicionThreshold}, wrong below a true IoU of ${rightFrom}`)
  console.log(suspectTable(suspects, suspicionThreshold))
}

async function evaluate(sequence: Sequence, model: Sam2Model) {
  const video = await openVideo(sequence.framesFolder)
  const truths = new Map<number, TrueLabels>()
  for (const [frameIndex, file] of sequence.maskFiles)
    truths.set(frameIndex, await readTrueLabels(file, video))
  const firstFrames = firstFrameOfObjects(truths)
  if (firstFrames.size === 0) throw new NoTrueMask(sequence)
  const prompts = [...firstFrames].map(([objectId, frameIndex]) =>
    promptFor(objectId, frameIndex, maskOfObject(truths.get(frameIndex)!, objectId)),
  )
  const range = { first: 0, last: video.frameCount - 1 }
  const scores = new Map([...firstFrames.keys()].map((objectId): [number, Accuracy[]] => [objectId, []]))
  const judged: JudgedFrame[] = []
  const start = performance.now()
  const tracking = trackVideo({ video, model, prompts, direction: 'forward', range, mode: options.mode })
  for await (const { tracked } of tracking) {
    const truth = truths.get(tracked.frameIndex)
    for (const [objectId, firstFrame] of firstFrames) {
      const found = tracked.masks.find((mask) => mask.objectId === objectId)
      // As the official evaluation has it, the first and the last frame do not count.
      if (!truth || tracked.frameIndex <= firstFrame || tracked.frameIndex === range.last) continue
      const expected = maskOfObject(truth, objectId)
      const ours = decodeRunLength(found?.mask ?? emptyRunLength(video.heightPx, video.widthPx))
      const region = regionSimilarity(ours, expected)
      scores.get(objectId)!.push({ region, boundary: boundaryAccuracy(ours, expected) })
      judged.push({ suspicion: found?.suspicion ?? 0, isWrong: region < rightFrom })
    }
  }
  const seconds = (performance.now() - start) / 1000
  await video.close()
  return {
    frameCount: video.frameCount,
    framesPerSecond: video.frameCount / seconds,
    objects: [...scores.values()].map(meanAccuracy),
    judged,
  }
}

function firstFrameOfObjects(truths: ReadonlyMap<number, TrueLabels>): Map<number, number> {
  const first = new Map<number, number>()
  for (const [frameIndex, { objectIds }] of [...truths].sort(([a], [b]) => a - b)) {
    for (const objectId of objectIds) if (!first.has(objectId)) first.set(objectId, frameIndex)
  }
  return first
}

function promptFor(objectId: number, frameIndex: number, mask: BinaryMask): FramePrompt {
  switch (options.prompt) {
    case 'mask':
      return { objectId, frameIndex, prompt: { kind: 'mask', mask } }
    case 'box': {
      const { leftPx, topPx, widthPx, heightPx } = runLengthBox(encodeRunLength(mask))!
      // Corners lie on the outermost pixels; a box one pixel wide would have no area.
      const right = leftPx + Math.max(widthPx - 1, 1)
      const bottom = topPx + Math.max(heightPx - 1, 1)
      const box = [leftPx, topPx, right, bottom] as const
      return { objectId, frameIndex, prompt: { kind: 'points-or-box', box } }
    }
    case 'click': {
      const { x, y } = deepestPoint(mask)!
      return { objectId, frameIndex, prompt: { kind: 'points-or-box', points: [{ x, y, label: 1 }] } }
    }
  }
}

function figures(accuracy: Accuracy): [j: string, f: string, both: string] {
  const { region, boundary } = accuracy
  return [region.toFixed(3), boundary.toFixed(3), regionAndBoundary(accuracy).toFixed(3)]
}
