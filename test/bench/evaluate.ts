import { parseArgs } from 'node:util'
import { z } from 'zod'
import type { BinaryMask } from '../../electron/engine/masks/binary-mask.ts'
import { deepestPoint } from '../../electron/engine/masks/deepest-point.ts'
import {
  decodeRunLength,
  emptyRunLength,
  encodeRunLength,
} from '../../electron/engine/masks/run-length-mask.ts'
import { runLengthBox } from '../../electron/engine/masks/run-length-measures.ts'
import { loadModel } from '../../electron/engine/tracking/load-model.ts'
import { trackVideo, type FramePrompt } from '../../electron/engine/tracking/track-video.ts'
import { openVideo } from '../../electron/engine/video/open-video.ts'
import type { Sam2Model } from '../../models/sam2/sam2-model.ts'
import { maskOfObject, readTrueLabels, sequencesIn, type Sequence, type TrueLabels } from './davis-folder.ts'
import { boundaryAccuracy } from './metrics/boundary-accuracy.ts'
import { meanAccuracy, regionAndBoundary, type Accuracy } from './metrics/mean-accuracy.ts'
import { regionSimilarity } from './metrics/region-similarity.ts'
import { formatTable } from './table.ts'

// npm run evaluate -- DIR: J and F of a folder in DAVIS layout, prompted on each object's first mask.

const usage =
  'usage: npm run evaluate -- DIR [--prompt mask|box|click] [--model NAME|PATH] [--mode reference|default] [--size N] [--threads N] [--only SEQUENCE]...'

const { values, positionals } = parseArgs({
  options: {
    prompt: { type: 'string', default: 'mask' },
    model: { type: 'string', default: 'nano' },
    mode: { type: 'string', default: 'default' },
    size: { type: 'string' },
    threads: { type: 'string' },
    only: { type: 'string', multiple: true },
  },
  allowPositionals: true,
})
const options = z
  .object({
    folder: z.tuple([z.string()], usage).transform(([folder]) => folder),
    prompt: z.enum(['mask', 'box', 'click'], usage),
    mode: z.enum(['reference', 'default'], usage),
    size: z.coerce.number().int().positive().optional(),
    threads: z.coerce.number().int().positive().optional(),
  })
  .parse({ folder: positionals, ...values })

const { model, name } = await loadModel({
  model: values.model,
  ...(options.size ? { imageSize: options.size } : {}),
  ...(options.threads ? { threads: options.threads } : {}),
})
console.log(
  `${name} at ${model.imageSize} px, ${options.mode} mode, ${options.prompt} prompt on each object's first mask`,
)
const rows: string[][] = [['sequence', 'objects', 'frames', 'J', 'F', 'J&F', 'frames/s']]
const totals: Accuracy[] = []
for (const sequence of sequencesIn(options.folder)) {
  if (values.only && !values.only.includes(sequence.name)) continue
  const result = await evaluate(sequence, model)
  totals.push(...result.objects)
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

async function evaluate(sequence: Sequence, model: Sam2Model) {
  const video = await openVideo(sequence.framesFolder)
  const truths = new Map<number, TrueLabels>()
  for (const [frameIndex, file] of sequence.maskFiles) truths.set(frameIndex, await readTrueLabels(file))
  const firstFrames = firstFrameOfObjects(truths)
  const prompts = [...firstFrames].map(([objectId, frameIndex]) =>
    promptFor(objectId, frameIndex, maskOfObject(truths.get(frameIndex)!, objectId)),
  )
  const range = { first: 0, last: video.frameCount - 1 }
  const scores = new Map([...firstFrames.keys()].map((objectId): [number, Accuracy[]] => [objectId, []]))
  const start = performance.now()
  const tracking = trackVideo({ video, model, prompts, direction: 'forward', range, mode: options.mode })
  for await (const { tracked } of tracking) {
    const truth = truths.get(tracked.frameIndex)
    for (const [objectId, firstFrame] of firstFrames) {
      // As the official evaluation has it, the first and the last frame do not count.
      if (!truth || tracked.frameIndex <= firstFrame || tracked.frameIndex === range.last) continue
      const expected = maskOfObject(truth, objectId)
      const found = tracked.masks.find((mask) => mask.objectId === objectId)
      const ours = decodeRunLength(found?.mask ?? emptyRunLength(video.heightPx, video.widthPx))
      scores.get(objectId)!.push({
        region: regionSimilarity(ours, expected),
        boundary: boundaryAccuracy(ours, expected),
      })
    }
  }
  const seconds = (performance.now() - start) / 1000
  await video.close()
  return {
    frameCount: video.frameCount,
    framesPerSecond: video.frameCount / seconds,
    objects: [...scores.values()].map(meanAccuracy),
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
