import { availableParallelism, cpus } from 'node:os'
import { openCheckpoint } from '../../models/checkpoint/checkpoint.ts'
import { profileOperators } from '../../models/runtime/operator-profile.ts'
import { createSession } from '../../models/runtime/session.ts'
import { integerTensor, noiseTensor } from '../../models/runtime/tensor.ts'
import { buildGraph } from '../../models/sam2/graphs.ts'
import { buildMemoryAttention } from '../../models/sam2/memory-attention.ts'
import { Sam2Model } from '../../models/sam2/sam2-model.ts'
import { VideoPredictor } from '../../electron/engine/tracking/video-predictor.ts'
import { graphWork, matrixRate } from './graph-work.ts'
import { StageTimes } from './stage-times.ts'
import { fullBank, trackingGraphs as graphs, type Subject } from './subjects.ts'
import { syntheticVideo } from './synthetic-video.ts'
import { formatTable } from '../../electron/cli/text-table.ts'

/** Frames before the bank is full; what is measured comes after. */
const warmUpFrames = 8
const measuredFrames = 4
const threads = availableParallelism()

/**
 * Prints milliseconds per stage and frames per second on the processor, models side by side in one run, how near each
 * stage comes to the rate of one large matrix product, and with `operators` where its time goes.
 */
export async function benchStages(
  subjects: readonly Subject[],
  { operators }: { readonly operators: boolean },
): Promise<void> {
  console.log(
    `${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores, CPU, fp32; tiny has random weights`,
  )
  const rows: string[][] = [['model', 'objects', ...graphs.map((graph) => `${graph} ms`), 'frames/s']]
  const shares: string[][] = [['model', 'stage', 'GMAC', 'ms', 'GFLOP/s', 'share of the matrix rate %']]
  const rates: number[] = []
  for (const subject of subjects) {
    rates.push(await matrixRate(threads))
    const alone = await measure(subject, 1)
    const four = await measure(subject, 4)
    rates.push(await matrixRate(threads))
    for (const { objectCount, times, framesPerSecond } of [alone, four]) {
      const stages = graphs.map((graph) => times.median(graph)?.toFixed(1) ?? '-')
      rows.push([subject.name, String(objectCount), ...stages, framesPerSecond.toFixed(2)])
    }
    shares.push(...(await sharesOf(subject, alone.times, Math.max(...rates.slice(-2)))))
  }
  console.log(formatTable(rows))
  console.log(
    'Median of a run with a full bank; memory attention, decoder and memory encoder run once per object.\n',
  )

  console.log(formatTable(shares))
  const [slowest, fastest] = [Math.min(...rates), Math.max(...rates)].map((rate) =>
    ((2 * rate) / 1e9).toFixed(0),
  )
  console.log(
    `One product of 2048 x 2048 matrices reached ${slowest} to ${fastest} GFLOP/s in this run; each model's stages are ` +
      'held against the best rate right before and after it.\n',
  )
  if (operators) for (const subject of subjects) await printOperators(subject)

  const ratios: string[][] = [['memory attention', 'paper order ms', 'values at memory width ms', 'ratio']]
  for (const subject of subjects) ratios.push(await measureSaving(subject))
  console.log(formatTable(ratios))
}

interface Measured {
  readonly objectCount: number
  readonly times: StageTimes
  readonly framesPerSecond: number
}

async function measure(subject: Subject, objectCount: number): Promise<Measured> {
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
  return { objectCount, times, framesPerSecond }
}

async function sharesOf(
  { name, checkpointPath, configuration }: Subject,
  times: StageTimes,
  rate: number,
): Promise<string[][]> {
  const checkpoint = await openCheckpoint(checkpointPath)
  const lines: string[][] = []
  for (const graph of graphs) {
    const work = await graphWork(buildGraph(graph, checkpoint, configuration), checkpointPath, fullBank)
    const milliseconds = times.median(graph)!
    const reached = (work * 1000) / milliseconds
    const numbers = [(work / 1e9).toFixed(2), milliseconds.toFixed(1), ((2 * reached) / 1e9).toFixed(0)]
    lines.push([name, graph, ...numbers, ((100 * reached) / rate).toFixed(0)])
  }
  return lines
}

/** Where the time of each stage goes, by the runtime's own profile. */
async function printOperators({ name, checkpointPath, configuration }: Subject): Promise<void> {
  const checkpoint = await openCheckpoint(checkpointPath)
  for (const graph of graphs) {
    const operators = await profileOperators(buildGraph(graph, checkpoint, configuration), checkpointPath, {
      device: 'cpu',
      threads,
      dimensions: fullBank,
      optimisation: 'all',
      runs: 3,
    })
    const sums = new Map<string, number>()
    for (const { operator, milliseconds } of operators)
      sums.set(operator, (sums.get(operator) ?? 0) + milliseconds)
    const sorted = [...sums].sort(([, a], [, b]) => b - a).map(([operator, ms]) => [operator, ms.toFixed(2)])
    console.log(formatTable([[`${name} ${graph}`, 'ms'], ...sorted]) + '\n')
  }
}

/** The cross-attention's exact saving: the same graph with values projected before and after they are summed. */
async function measureSaving({ name, checkpointPath, configuration }: Subject): Promise<string[]> {
  const checkpoint = await openCheckpoint(checkpointPath)
  const { dModel, memoryDim, imageSize } = configuration
  const cells = (imageSize / 16) ** 2
  const inputs = {
    attended: noiseTensor('float32', [cells, dModel]),
    memory: noiseTensor('float32', [7, cells, memoryDim]),
    memory_times: integerTensor([6, 5, 4, 3, 2, 1, 0]),
    pointers: noiseTensor('float32', [16, dModel]),
    pointer_distances: noiseTensor('float32', [16]),
  }
  const milliseconds: number[] = []
  const variants = await Promise.all(
    [false, true].map((valuesAtMemoryWidth) => {
      const graph = buildMemoryAttention(checkpoint, configuration, {
        withPointers: true,
        valuesAtMemoryWidth,
      })
      return createSession(name, graph, checkpointPath, { device: 'cpu', threads })
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
