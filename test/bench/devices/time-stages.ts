// Measures the stages of one model on one device, a line of JSON for each: time-stages.ts DEVICE MODEL. A process of its
// own, since a driver may end it.
import { availableParallelism } from 'node:os'
import { openCheckpoint } from '../../../models/checkpoint/checkpoint.ts'
import { isDevice } from '../../../models/runtime/session.ts'
import { timeGraph } from '../../../models/runtime/time-graph.ts'
import { buildGraph } from '../../../models/sam2/graphs.ts'
import { graphStyleOn } from '../../../models/sam2/model-graphs.ts'
import { StageTimes } from '../stage-times.ts'
import { benchSubjects, fullBank, trackingGraphs } from '../subjects.ts'
import type { StageLine } from './stage-line.ts'

const runs = 3

const [device = '', model = ''] = process.argv.slice(2)
const [subject] = await benchSubjects(model)
if (!isDevice(device) || subject === undefined) throw new Error(`There is no ${model} on ${device}.`)
const { checkpointPath, configuration } = subject
const checkpoint = await openCheckpoint(checkpointPath)
for (const graph of trackingGraphs) {
  const times = new StageTimes()
  const bytes = buildGraph(graph, checkpoint, configuration, graphStyleOn(device, 'fp32'))
  const options = { device, threads: availableParallelism(), dimensions: fullBank, runs }
  for (const milliseconds of await timeGraph(bytes, checkpointPath, options))
    times.record(graph, milliseconds)
  const line: StageLine = { graph, milliseconds: times.median(graph)! }
  await new Promise((resolve) => process.stdout.write(`${JSON.stringify(line)}\n`, resolve))
}
// A driver's threads would keep the process up.
process.kill(process.pid, 'SIGKILL')
