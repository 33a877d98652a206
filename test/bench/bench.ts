import { existsSync, mkdirSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { openCheckpoint } from '../../models/checkpoint/checkpoint.ts'
import { createSession } from '../../models/runtime/session.ts'
import { floatTensor, integerTensor } from '../../models/runtime/tensor.ts'
import {
  nanoConfiguration,
  officialConfiguration,
  type ModelConfiguration,
} from '../../models/sam2/configuration.ts'
import { buildMemoryAttention } from '../../models/sam2/memory-attention.ts'
import { Sam2Model } from '../../models/sam2/sam2-model.ts'
import { findZooModel } from '../../models/zoo/zoo.ts'
import { weightsFile } from '../../models/zoo/resolve-model.ts'
import { VideoPredictor } from '../../electron/engine/tracking/video-predictor.ts'
import { sharedMaterial } from '../fixtures/shared-material.ts'
import { StageTimes } from './stage-times.ts'
import { syntheticVideo } from './synthetic-video.ts'
import { formatTable } from './table.ts'
import { writeRandomCheckpoint } from './random-checkpoint-file.ts'

// npm run bench: milliseconds per stage and frames per second, models side by side in one run.

/** Frames before the bank is full; what is measured comes after. */
const warmUpFrames = 8
const measuredFrames = 4

const graphs = [
  'image-encoder',
  'frame-preparation',
  'memory-attention',
  'mask-decoder-none',
  'memory-encoder',
]

interface Subject {
  readonly name: string
  readonly checkpointPath: string
  readonly configuration: ModelConfiguration
}

const tinyPath = await randomTiny()
const tiny = officialConfiguration('2.1', 'tiny')
const subjects: Subject[] = [
  {
    name: 'nano 512',
    checkpointPath: weightsFile(findZooModel('nano')!),
    configuration: { ...nanoConfiguration, imageSize: 512 },
  },
  { name: 'tiny 512', checkpointPath: tinyPath, configuration: { ...tiny, imageSize: 512 } },
  { name: 'tiny 1024', checkpointPath: tinyPath, configuration: { ...tiny, imageSize: 1024 } },
]

console.log(
  `${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores, CPU, fp32; tiny has random weights`,
)
const rows: string[][] = [['model', 'objects', ...graphs.map((graph) => `${graph} ms`), 'frames/s']]
for (const subject of subjects) {
  for (const objectCount of [1, 4]) rows.push(await measure(subject, objectCount))
}
console.log(formatTable(rows))
console.log(
  'Median of a run with a full bank; memory attention, decoder and memory encoder run once per object.\n',
)

const ratios: string[][] = [['memory attention', 'paper order ms', 'values at memory width ms', 'ratio']]
for (const subject of subjects) ratios.push(await measureSaving(subject))
console.log(formatTable(ratios))

async function measure(subject: Subject, objectCount: number): Promise<string[]> {
  const times = new StageTimes()
  const checkpoint = await openCheckpoint(subject.checkpointPath)
  const model = await Sam2Model.load(checkpoint, subject.configuration, { onRun: times.record })
  const size = subject.configuration.imageSize
  const video = syntheticVideo(size, warmUpFrames + measuredFrames + 1)
  const predictor = new VideoPredictor(model, video, { mode: 'default' })
  for (let objectId = 1; objectId <= objectCount; objectId++) {
    await predictor.addPointsOrBox(0, objectId, { points: [{ x: size * 0.3, y: size * 0.5, label: 1 }] })
  }
  let start = 0
  for await (const { frameIndex } of predictor.propagate()) {
    if (frameIndex !== warmUpFrames) continue
    times.clear()
    start = performance.now()
  }
  const framesPerSecond = (measuredFrames * 1000) / (performance.now() - start)
  await model.dispose()
  const stages = graphs.map((graph) => times.median(graph)?.toFixed(1) ?? '-')
  return [subject.name, String(objectCount), ...stages, framesPerSecond.toFixed(2)]
}

/** The cross-attention's exact saving: the same graph with values projected before and after they are summed. */
async function measureSaving({ name, checkpointPath, configuration }: Subject): Promise<string[]> {
  const checkpoint = await openCheckpoint(checkpointPath)
  const { dModel, memoryDim, imageSize } = configuration
  const cells = (imageSize / 16) ** 2
  const inputs = {
    attended: noise(cells * dModel, [cells, dModel]),
    memory: noise(7 * cells * memoryDim, [7, cells, memoryDim]),
    memory_times: integerTensor([6, 5, 4, 3, 2, 1, 0]),
    pointers: noise(16 * dModel, [16, dModel]),
    pointer_distances: noise(16, [16]),
  }
  const milliseconds: number[] = []
  const variants = await Promise.all(
    [false, true].map((valuesAtMemoryWidth) => {
      const graph = buildMemoryAttention(checkpoint, configuration, {
        withPointers: true,
        valuesAtMemoryWidth,
      })
      return createSession(name, graph, checkpointPath, { device: 'cpu', threads: availableParallelism() })
    }),
  )
  for (const session of variants) {
    const times = new StageTimes()
    for (let run = 0; run < 4; run++) {
      const start = performance.now()
      await session.run(inputs)
      if (run > 0) times.record(name, performance.now() - start)
    }
    milliseconds.push(times.median(name)!)
    await session.release()
  }
  const [paper, ours] = milliseconds as [number, number]
  return [name, paper.toFixed(1), ours.toFixed(1), (paper / ours).toFixed(2)]
}

function noise(length: number, shape: readonly number[]) {
  let seed = 1
  const values = Float32Array.from({ length }, () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
    return seed / 2 ** 31 - 1
  })
  return floatTensor(values, shape)
}

async function randomTiny(): Promise<string> {
  const path = '.cache/random-tiny.pt'
  const layout = fileURLToPath(sharedMaterial('layouts/sam2.1_hiera_tiny.json'))
  mkdirSync('.cache', { recursive: true })
  if (!existsSync(path)) await writeRandomCheckpoint(layout, path, 1)
  return path
}
