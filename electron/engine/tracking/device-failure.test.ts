import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { openCheckpoint, type Checkpoint } from '../../../models/checkpoint/checkpoint.ts'
import { devices, InferenceFailed, type Device } from '../../../models/runtime/session.ts'
import { supportedDevices } from '../../../models/runtime/supported-devices.ts'
import { deviceTensorCounts, floatTensor, type RuntimeTensor } from '../../../models/runtime/tensor.ts'
import { nanoConfiguration } from '../../../models/sam2/configuration.ts'
import { Sam2Model } from '../../../models/sam2/sam2-model.ts'
import { weightsFile } from '../../../models/zoo/resolve-model.ts'
import { findZooModel } from '../../../models/zoo/zoo.ts'
import { syntheticVideo } from '../../../test/bench/synthetic-video.ts'
import { deviceThat, type OpenSession } from '../../../test/fixtures/failing-device.ts'
import { computesAtHalfWidth } from '../../../test/fixtures/half-width.ts'
import { FeatureCache } from './feature-cache.ts'
import { PromptChain, type PromptScene } from './prompt-chain.ts'
import { Shots } from './shots.ts'
import { VideoPredictor } from './video-predictor.ts'

const sizePx = 128
const frameCount = 10
/** A shot begins here, as far as tracking knows. */
const cutOn = 6

let checkpoint: Checkpoint
const models: Sam2Model[] = []
beforeAll(async () => {
  checkpoint = await openCheckpoint(weightsFile(findZooModel('nano')!))
})
afterEach(async () => {
  for (const model of models.splice(0)) await model.dispose()
})

/** Mask logits of every frame, and what the person was told. */
async function trackWith(
  openSession: OpenSession | undefined,
  precision: 'fp16' | 'fp32' = 'fp32',
  device: Device = 'cuda',
): Promise<{ logits: Float32Array[]; notices: string[]; device: string }> {
  const notices: string[] = []
  const model = await Sam2Model.load(
    checkpoint,
    { ...nanoConfiguration, imageSize: sizePx },
    {
      ...{ device, precision, onNotice: (sentence: string) => notices.push(sentence) },
      ...(openSession ? { openSession } : {}),
    },
  )
  models.push(model)
  const shots = new Shots([cutOn])
  const predictor = new VideoPredictor(model, syntheticVideo(sizePx, frameCount), { shots })
  await predictor.addPointsOrBox(0, 1, { points: [{ x: sizePx * 0.3, y: sizePx / 2, label: 1 }] })
  const logits: Float32Array[] = []
  for await (const { objects } of predictor.propagate()) logits.push(objects[0]!.record!.maskLogits)
  return { logits, notices, device: model.device }
}

/** Of the same shape. */
function noNumbers({ native }: RuntimeTensor): RuntimeTensor {
  return floatTensor(new Float32Array(native.size).fill(NaN), native.dims)
}

function differingPixels(some: readonly Float32Array[], others: readonly Float32Array[]): number {
  return some.reduce(
    (sum, logits, frame) =>
      sum + logits.filter((logit, index) => logit > 0 !== others[frame]![index]! > 0).length,
    0,
  )
}

describe('a device that fails in the middle of a run', () => {
  it.each([
    ['memory-attention', cutOn],
    ['mask-decoder-none', cutOn],
    ['image-encoder', 8],
    ['foreground-pooling', 7],
    ['memory-encoder', 8],
  ])('is left in a shot without prompts, where memories lie on it: %s', async (graph, firstLost) => {
    const lost = deviceThat((name, run, outputs) =>
      name === graph && run >= firstLost
        ? Promise.reject(new InferenceFailed(name, { device: 'webgpu', cause: new Error('Device was lost') }))
        : outputs(),
    )
    const { logits, device } = await trackWith(lost, 'fp32', 'webgpu')
    expect(logits).toHaveLength(frameCount)
    expect(device).toBe('cpu')
  })

  it.each([
    ['is lost', 'mask-decoder-none', 5, 'Device was lost', /graphics device was lost/],
    ['is lost at the first prompt', 'mask-decoder-points', 1, 'Device was lost', /graphics device was lost/],
    ['is lost right at a cut', 'memory-attention', cutOn, 'Device was lost', /graphics device was lost/],
    ['is lost while it encodes', 'image-encoder', 5, 'DXGI_ERROR_DEVICE_REMOVED', /graphics device was lost/],
    ['refuses a run', 'mask-decoder-none', 5, 'no kernel image', /could not be run on CUDA/],
    [
      'has no memory left',
      'memory-attention',
      5,
      'Failed to allocate memory: out of memory',
      /not enough memory/,
    ],
  ])('%s: the run goes on on the processor', async (_, graph, from, message, sentence) => {
    const whole = await trackWith(deviceThat((_name, _run, outputs) => outputs()))
    const broken = await trackWith(
      deviceThat((name, run, outputs) =>
        name === graph && run >= from
          ? Promise.reject(new InferenceFailed(graph, { device: 'cuda', cause: new Error(message) }))
          : outputs(),
      ),
    )
    expect(broken.device).toBe('cpu')
    expect(broken.notices).toHaveLength(1)
    expect(broken.notices[0]).toMatch(sentence)
    expect(broken.logits).toHaveLength(frameCount)
    expect(differingPixels(broken.logits, whole.logits)).toBe(0)
  })

  it('is not there: the run goes on on the processor', async () => {
    const absent = devices.find((device) => !supportedDevices().includes(device))!
    const whole = await trackWith(undefined, 'fp32', 'cpu')
    const { logits, notices, device } = await trackWith(undefined, 'fp32', absent)
    expect(device).toBe('cpu')
    expect(notices).toEqual([expect.stringMatching(/could not be run on .*goes on on the processor/)])
    expect(differingPixels(logits, whole.logits)).toBe(0)
  })

  it('is lost with the memories that lie on it: they are made anew, and none is left there', async () => {
    const whole = await trackWith(undefined, 'fp32', 'cpu')
    const heldBefore = deviceTensorCounts().held
    const broken = deviceThat((name, run, outputs) =>
      name === 'memory-join-5' && run >= 1
        ? Promise.reject(new InferenceFailed(name, { device: 'webgpu', cause: new Error('Device was lost') }))
        : outputs(),
    )
    const { logits, notices } = await trackWith(broken, 'fp32', 'webgpu')
    expect(notices).toEqual([expect.stringMatching(/graphics device was lost/)])
    expect(deviceTensorCounts().held).toBe(heldBefore)
    // The first frames were found with the attention of WebGPU, which is written otherwise.
    expect(differingPixels(logits, whole.logits)).toBeLessThan(frameCount * 10)
  })

  it.each(['ious', 'mask_logits', 'pointers', 'object_score'])(
    'gives %s that are no numbers: the run goes on on the processor',
    async (output) => {
      const whole = await trackWith(deviceThat((_name, _run, outputs) => outputs()))
      const { logits, notices, device } = await trackWith(
        deviceThat(async (name, run, outputs) => {
          const found = await outputs()
          return name === 'mask-decoder-none' && run >= 3
            ? { ...found, [output]: noNumbers(found[output]!) }
            : found
        }),
      )
      expect(device).toBe('cpu')
      expect(notices).toEqual([expect.stringMatching(/numbers that are none.*goes on on the processor/)])
      expect(differingPixels(logits, whole.logits)).toBe(0)
    },
  )

  it('gives numbers that are none at fp16 only, on a later frame: the run goes on there at fp32', async () => {
    const whole = await trackWith(deviceThat((_name, _run, outputs) => outputs()))
    const { logits, notices, device } = await trackWith(
      deviceThat(async (name, run, outputs) => {
        const found = await outputs()
        if (name !== 'memory-attention' || run < 5) return found
        return { ...found, conditioned: noNumbers(found['conditioned']!) }
      }, computesAtHalfWidth),
      'fp16',
    )
    expect(device).toBe('cuda')
    expect(notices).toEqual([expect.stringMatching(/numbers that are none.*goes on at fp32/)])
    expect(logits).toHaveLength(frameCount)
    // The first frames were found at fp16.
    expect(differingPixels(logits, whole.logits)).toBeLessThan(frameCount * 10)
  })
})

it('leaves nothing on the device where a frame could not be seen with the memory of another', async () => {
  const heldBefore = deviceTensorCounts().held
  const openSession = deviceThat((name, _run, outputs) =>
    name === 'mask-decoder-none' ? Promise.reject(new Error('out of memory')) : outputs(),
  )
  const configuration = { ...nanoConfiguration, imageSize: sizePx }
  const onDevice = { device: 'webgpu', precision: 'fp32', openSession } as const
  const model = await Sam2Model.load(checkpoint, configuration, onDevice)
  models.push(model)
  const pictureOf = (): Promise<Uint8Array> => Promise.resolve(new Uint8Array(sizePx * sizePx * 3).fill(90))
  const features = new FeatureCache(model, { pictureOf, onState: () => {} }, 1e8)
  const video = { contentId: 'a'.repeat(32), widthPx: sizePx, heightPx: sizePx, frameCount }
  const scene: PromptScene = {
    ...{ video, rules: { followZoom: false, isSelective: true } },
    lookAt: (frameIndex) => (_view, work) => features.use(video, frameIndex, work),
  }
  const points = [{ x: 60, y: 60, label: 1 as const }]
  const prompts = { kind: 'points', points, box: null, base: null, alternative: null } as const
  const memory = { reverse: false, view: null, prompted: [{ frameIndex: 0, prompts }], tracked: [] }
  const chain = new PromptChain(model)
  await expect(chain.remember(scene, 3, memory)).rejects.toThrow('out of memory')
  chain.clear()
  features.clear()
  await vi.waitFor(() => expect(deviceTensorCounts().held).toBe(heldBefore))
})
