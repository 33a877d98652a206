import { afterEach, describe, expect, it } from 'vitest'
import { devices } from '../../../models/runtime/session.ts'
import { supportedDevices } from '../../../models/runtime/supported-devices.ts'
import { deviceFailure, trackerThat } from '../../../test/fixtures/failing-tracker.ts'
import { Inference, type InferenceOptions } from './inference.ts'
import type { LoadedTracker, PromptAnswer, TrackerModel } from './tracker-protocol.ts'
import { TrackerGone } from './tracking-errors.ts'
import { PRIORITY } from './work-queue.ts'

const rules = { followZoom: false, isSelective: true }

const widthPx = 64
const heightPx = 48
const video = { contentId: 'a'.repeat(32), widthPx, heightPx, frameCount: 1 }
const prompts = {
  kind: 'points' as const,
  points: [{ x: 30, y: 20, label: 1 as const }],
  box: null,
  base: null,
  alternative: null,
}
const onProcessor: TrackerModel = {
  ...{ model: 'nano', modelsFolder: '', inputSizePx: 64, device: 'cpu', precision: 'fp32' },
  featureBytes: 1e7,
}
const onDevice: TrackerModel = { ...onProcessor, device: 'cuda' }

const opened: Inference[] = []
afterEach(async () => {
  for (const inference of opened.splice(0)) await inference.close()
})

interface Standing {
  readonly inference: Inference
  /** What was loaded, in order. */
  readonly loaded: LoadedTracker[]
  /** Asks what is at the click. */
  ask(): Promise<PromptAnswer>
}

function stand(
  wanted: TrackerModel | (() => TrackerModel),
  openClient?: InferenceOptions['openClient'],
): Standing {
  const loaded: LoadedTracker[] = []
  const inference = new Inference({
    wantedModel: typeof wanted === 'function' ? wanted : () => wanted,
    picture: () =>
      Promise.resolve(Uint8Array.from({ length: widthPx * heightPx * 3 }, (_, byte) => (byte * 7) & 255)),
    onFeatures: () => undefined,
    onNotice: () => undefined,
    onLoaded: (tracker) => loaded.push(tracker),
    onGone: () => undefined,
    ...(openClient ? { openClient } : {}),
  })
  opened.push(inference)
  const ask = (): Promise<PromptAnswer> =>
    inference.run(PRIORITY.click, (ask) =>
      ask('answer', { video, frameIndex: 0, prompts, memory: null, rules }),
    )
  return { inference, loaded, ask }
}

/** Its first answers from the device are these errors. */
function deviceThatFailsWith(errors: Error[], asked: TrackerModel[] = []) {
  return trackerThat((name) => (name === 'answer' ? errors.shift() : undefined), asked)
}

describe('Inference', () => {
  it('tells where there is no device, and works on the processor', async () => {
    const absent = devices.find((device) => !supportedDevices().includes(device))!
    const { ask, loaded } = stand({ ...onProcessor, device: absent })
    const { mask } = await ask()
    expect(mask.size).toEqual([heightPx, widthPx])
    expect(loaded).toEqual([
      expect.objectContaining({
        device: 'cpu',
        fallback: expect.stringContaining(`does not run on ${absent}, so it runs on the processor`),
      }),
    ])
  })

  it.each([
    ['is lost', deviceFailure('Device was lost'), /graphics device was lost/],
    ['has no memory left', deviceFailure('out of memory'), /not enough memory/],
    ['ends the thread', new TrackerGone(new Error('SIGSEGV')), /has stopped/],
  ])('does a piece of work once more on the processor when its device %s', async (_, error, sentence) => {
    const expected = await stand(onProcessor).ask()
    const { ask, loaded } = stand(onDevice, deviceThatFailsWith([error]))
    expect(await ask()).toEqual(expected)
    expect(loaded.map(({ device }) => device)).toEqual(['cuda', 'cpu'])
    expect(loaded[1]!.fallback).toMatch(sentence)
    expect(loaded[1]!.fallback).toMatch(/goes on on the processor/)
    // The device that failed is not tried again for the next click.
    expect(await ask()).toEqual(expected)
    expect(loaded).toHaveLength(2)
  })

  it('goes on at fp32 where numbers at fp16 are none, and on the processor where they still are', async () => {
    const expected = await stand(onProcessor).ask()
    const asked: TrackerModel[] = []
    const errors = [
      deviceFailure('not finite', 'wrong-numbers'),
      deviceFailure('not finite', 'wrong-numbers'),
    ]
    const { ask } = stand({ ...onDevice, precision: 'fp16' }, deviceThatFailsWith(errors, asked))
    expect(await ask()).toEqual(expected)
    expect(asked.map(({ device, precision }) => `${device} ${precision}`)).toEqual([
      'cuda fp16',
      'cuda fp32',
      'cpu fp16',
    ])
  })

  it('holds a failure against the model that failed, not against one that is chosen meanwhile', async () => {
    let wanted = onDevice
    const { inference, loaded } = stand(() => wanted, deviceThatFailsWith([deviceFailure('Device was lost')]))
    await inference.run(PRIORITY.click, (ask) => {
      wanted = { ...onDevice, inputSizePx: 96 }
      return ask('answer', { video, frameIndex: 0, prompts, memory: null, rules })
    })
    expect(loaded.map(({ device, inputSizePx }) => [device, inputSizePx])).toEqual([
      ['cuda', 64],
      ['cuda', 96],
    ])
  })

  it('falls back where the thread ends while it loads', async () => {
    const expected = await stand(onProcessor).ask()
    const gone = new TrackerGone(new Error('SIGSEGV'))
    const openClient = trackerThat((name) => (name === 'load' ? gone : undefined))
    const { ask, loaded } = stand(onDevice, openClient)
    expect(await ask()).toEqual(expected)
    expect(loaded).toEqual([
      expect.objectContaining({ device: 'cpu', fallback: expect.stringMatching(/goes on on the processor/) }),
    ])
  })

  it('tries a device again once a person has chosen it or had it looked at anew', async () => {
    const { inference, ask, loaded } = stand(
      onDevice,
      deviceThatFailsWith([deviceFailure('Device was lost')]),
    )
    await ask()
    inference.forgetFailures()
    await ask()
    expect(loaded.map(({ device }) => device)).toEqual(['cuda', 'cpu', 'cuda'])
  })

  it('gives up nothing for an error that is not of the device', async () => {
    const { inference, loaded } = stand(onDevice, deviceThatFailsWith([]))
    const work = inference.run(PRIORITY.click, () => Promise.reject(new RangeError('a defect')))
    await expect(work).rejects.toThrow('a defect')
    expect(loaded.map(({ device }) => device)).toEqual(['cuda'])
  })
})
