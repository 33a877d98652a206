import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { VideoPredictor } from '../../electron/engine/tracking/video-predictor.ts'
import { openCheckpoint } from '../../models/checkpoint/checkpoint.ts'
import { isDevice } from '../../models/runtime/session.ts'
import { deviceTensorCounts } from '../../models/runtime/tensor.ts'
import { Sam2Model } from '../../models/sam2/sam2-model.ts'
import { syntheticVideo } from '../bench/synthetic-video.ts'
import { scriptOptions } from '../script-arguments.ts'
import { writeNarrowNano } from './narrow-nano.ts'

// npm run leaks: tracks an object on a device with a narrow model and exits
// with 1 when tensors stay behind there, or when the process grows by more than 5 % after the bank is full.

const values = scriptOptions('usage: npm run leaks -- [--device NAME] [--frames N] [--size N]', {
  device: { type: 'string', default: 'webgpu' },
  frames: { type: 'string', default: '500' },
  size: { type: 'string', default: '32' },
})
const { device } = values
if (!isDevice(device)) throw new Error(`There is no device "${device}".`)
const [frameCount, sizePx] = [Number(values.frames), Number(values.size)]
/** From here on the bank is full: 7 memories and 16 pointers. */
const settledFrame = 20
const allowedGrowth = 1.05

const folder = mkdtempSync(join(tmpdir(), 'maskwright-leaks-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
const checkpointPath = join(folder, 'narrow.pt')
const configuration = await writeNarrowNano(checkpointPath)
const model = await Sam2Model.load(
  await openCheckpoint(checkpointPath),
  { ...configuration, imageSize: sizePx },
  { device },
)
const predictor = new VideoPredictor(model, syntheticVideo(sizePx, frameCount))
await predictor.addPointsOrBox(0, 1, { points: [{ x: sizePx * 0.3, y: sizePx / 2, label: 1 }] })
const held: number[] = []
const residentMegabytes: number[] = []
for await (const { frameIndex } of predictor.propagate()) {
  held.push(deviceTensorCounts().held)
  residentMegabytes.push(process.memoryUsage.rss() / 2 ** 20)
  if (frameIndex % 50 === 0)
    console.log(
      `frame ${frameIndex}: ${held.at(-1)} tensors on ${device}, ${residentMegabytes.at(-1)!.toFixed(0)} MiB`,
    )
}
const endedOn = model.device
predictor.reset()
const { forgotten } = deviceTensorCounts()
await model.dispose()

const third = settledFrame + Math.ceil((frameCount - settledFrame) / 3)
const [early, late] = [residentMegabytes.slice(settledFrame, third), residentMegabytes.slice(third)].map(
  (values) => Math.max(...values),
) as [number, number]
const [atFirst, atLast] = [held[settledFrame]!, held.at(-1)!]
console.log(
  `${frameCount} frames on ${endedOn}: ${atFirst} tensors there on frame ${settledFrame}, ${atLast} on the last; ` +
    `${forgotten} forgotten; ${early.toFixed(0)} MiB, then ${late.toFixed(0)} MiB`,
)
const stays = endedOn === device && atFirst > 0 && Math.max(...held.slice(settledFrame)) === atFirst
process.exitCode = stays && forgotten === 0 && late <= early * allowedGrowth ? 0 : 1
