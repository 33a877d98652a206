import { UserFacingError } from '../../electron/contract/errors.ts'
import { openCheckpoint } from '../../models/checkpoint/checkpoint.ts'
import { inferConfiguration } from '../../models/sam2/infer-configuration.ts'
import { Sam2Model } from '../../models/sam2/sam2-model.ts'
import { VideoPredictor } from '../../electron/engine/tracking/video-predictor.ts'
import { writeRandomCheckpoint } from './random-checkpoint-file.ts'
import { StageTimes } from './stage-times.ts'
import { syntheticVideo } from './synthetic-video.ts'
import { formatTable } from '../../electron/cli/text-table.ts'
import { scriptArguments } from '../script-arguments.ts'

const usage = 'usage: npm run random-checkpoint -- LAYOUT.json OUTPUT.pt [--seed N] [--write-only]'
const trackedFrames = 3

/** Writes a full-size checkpoint of random weights, loads it again and tracks three frames with it. */
async function main(): Promise<void> {
  const { values, positionals } = scriptArguments(usage, {
    seed: { type: 'string', default: '1' },
    'write-only': { type: 'boolean', default: false },
  })
  const [layoutPath, outputPath] = positionals
  const seed = Number(values.seed)
  if (
    layoutPath === undefined ||
    outputPath === undefined ||
    positionals.length > 2 ||
    !Number.isInteger(seed)
  ) {
    throw new UserFacingError('Usage', usage)
  }
  const start = performance.now()
  const { tensorCount, bytes } = await writeRandomCheckpoint(layoutPath, outputPath, seed)
  console.log(
    `${outputPath}: ${tensorCount} tensors, ${bytes} bytes, seed ${seed}, ${seconds(start)} s, ${peakMemory()}`,
  )
  if (!values['write-only']) await trackWith(outputPath)
}

async function trackWith(checkpointPath: string): Promise<void> {
  const times = new StageTimes()
  const start = performance.now()
  const checkpoint = await openCheckpoint(checkpointPath)
  const configuration = inferConfiguration(checkpoint)
  const model = await Sam2Model.load(checkpoint, configuration, { onRun: times.record })
  await model.warmUp()
  const { version, trunk, imageSize } = configuration
  console.log(`loaded in ${seconds(start)} s: SAM ${version} rules, ${trunk.kind} trunk, at ${imageSize} px`)

  const video = syntheticVideo(configuration.imageSize, trackedFrames)
  const predictor = new VideoPredictor(model, video, { mode: 'reference' })
  const middle = configuration.imageSize / 2
  await predictor.addPointsOrBox(0, 1, { points: [{ x: middle * 0.6, y: middle, label: 1 }] })
  const frames: number[] = []
  for await (const { frameIndex, objects } of predictor.propagate()) {
    const finite = objects.every(({ record }) => record?.maskLogits.every(Number.isFinite))
    if (!finite) throw new Error(`The logits of frame ${frameIndex} are not all finite.`)
    frames.push(frameIndex)
  }
  await model.dispose()
  console.log(`tracked frames ${frames.join(', ')} with finite logits; ${peakMemory()}`)
  console.log(formatTable([['stage', 'ms'], ...times.entries().map(([graph, ms]) => [graph, ms.toFixed(1)])]))
}

function seconds(start: number): string {
  return ((performance.now() - start) / 1000).toFixed(1)
}

function peakMemory(): string {
  return `peak memory ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB`
}

await main()
