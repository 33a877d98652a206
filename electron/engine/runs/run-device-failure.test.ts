import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { devices } from '../../../models/runtime/session.ts'
import { supportedDevices } from '../../../models/runtime/supported-devices.ts'
import { deviceFailure, trackerThat, type Fails } from '../../../test/fixtures/failing-tracker.ts'
import type { RunLengthMask } from '../../contract/mask.ts'
import { runLengthIou } from '../masks/run-length-sets.ts'
import { testFolder } from '../project/store-fixture.ts'
import type { TrackerModel, TrackerRequestName } from '../tracking/tracker-protocol.ts'
import { TrackerGone } from '../tracking/tracking-errors.ts'
import {
  likeness,
  trackDiscs,
  type DiscFilm,
  type DiscRun,
  type DiscRunOptions,
} from '../../../test/fixtures/disc-run.ts'

let folder: string
let remove: () => void
beforeEach(() => {
  ;({ folder, remove } = testFolder())
})
afterEach(() => remove())

const cutOn = 12
/** A disc that moves, and in the second half much light beside it. */
const film: DiscFilm = {
  discsAt: (frameIndex) => {
    const object = { x: 40 + frameIndex, y: 90, radius: 28 }
    return frameIndex < cutOn ? [object] : [object, { x: 530, y: 90, radius: 400 }]
  },
}

function at(name: TrackerRequestName, request: number, error: () => Error): Fails {
  return (asked, count) => (asked === name && count === request ? error() : undefined)
}

const lost = (): Error => deviceFailure('Device was lost')
const full = (): Error => deviceFailure('out of memory')
const gone = (): Error => new TrackerGone(new Error('SIGSEGV'))

/** The same run on the processor, made once. */
let expected: Promise<DiscRun> | undefined
function onProcessor(): Promise<DiscRun> {
  return (expected ??= trackDiscs(folder, film))
}

async function expectAsOnProcessor(options: DiscRunOptions, sentence: RegExp): Promise<void> {
  const whole = await onProcessor()
  const run = await trackDiscs(folder, film, { model: { device: 'cuda' }, ...options })
  expect(run.notices).toEqual([expect.stringMatching(sentence)])
  expect(run.pauses).toBe(options.pausedOn?.length ?? 0)
  expect(run.shotStarts).toEqual([cutOn])
  expect(likeness(run.masks[0]!, whole.masks[0]!)).toBeGreaterThan(0.9)
}

describe('a run whose device fails goes on', () => {
  it.each([
    ['is lost', at('step', 8, lost), /device was lost.*goes on on the processor/],
    ['is lost with the first prompt', at('condition', 1, lost), /device was lost/],
    ['has no memory left', at('step', 8, full), /not enough memory for CUDA.*goes on on the processor/],
    ['ends the thread', at('step', 8, gone), /has stopped.*goes on on the processor/],
    ['is lost right at a cut', at('step', cutOn, lost), /device was lost/],
    ['ends the thread at a cut', at('beginShot', 1, gone), /has stopped/],
  ])('when it %s', async (_, fails, sentence) => {
    await expectAsOnProcessor({ openClient: trackerThat(fails) }, sentence)
  })

  it.each([
    ['what was tracked is recalled', at('recall', 1, lost)],
    ['it is told again what the object is', at('condition', 2, lost)],
    ['it makes its first step', at('step', 6, lost)],
  ])('when it is lost as the run is resumed and %s', async (_, fails) => {
    await expectAsOnProcessor({ pausedOn: [6], openClient: trackerThat(fails) }, /device was lost/)
  })

  it('at fp32 where numbers at fp16 are none', async () => {
    const asked: TrackerModel[] = []
    const openClient = trackerThat(
      at('step', 8, () => deviceFailure('not finite', 'wrong-numbers')),
      asked,
    )
    const model = { device: 'cuda', precision: 'fp16' } as const
    await expectAsOnProcessor({ model, openClient }, /numbers that are none.*goes on at fp32/)
    expect(asked.map(({ device, precision }) => `${device} ${precision}`)).toEqual(['cuda fp16', 'cuda fp32'])
  })

  it('on the processor where there is no such device', async () => {
    const device = devices.find((name) => !supportedDevices().includes(name))!
    await expectAsOnProcessor({ model: { device } }, /does not run on .* runs on the processor/)
  })

  it.each([
    ['the thread ends while pixels are divided among objects', at('divide', 5, gone)],
    ['it is lost between two objects whose pixels are to be divided', at('step', 10, lost)],
  ])('when %s', async (_, fails) => {
    const two: DiscFilm = {
      discsAt: (frameIndex) => [
        { x: 60 + frameIndex, y: 90, radius: 28 },
        // It jumps on the frame of the failure.
        { x: 260 - frameIndex, y: 90, radius: frameIndex < 5 ? 28 : 18 },
      ],
      objectCount: 2,
    }
    const tracking = { exclusiveObjects: true }
    const whole = await trackDiscs(folder, two, { tracking })
    const openClient = trackerThat(fails)
    const run = await trackDiscs(folder, two, { tracking, openClient, model: { device: 'cuda' } })
    expect(run.notices).toHaveLength(1)
    const [some, others] = run.masks as [RunLengthMask[], RunLengthMask[]]
    for (const [index, masks] of run.masks.entries())
      expect(likeness(masks, whole.masks[index]!)).toBeGreaterThan(0.9)
    for (const [index, suspicions] of run.suspicions.entries())
      for (const [frameIndex, suspicion] of suspicions.entries())
        expect(Math.abs(suspicion - whole.suspicions[index]![frameIndex]!)).toBeLessThan(0.03)
    // What was given on the first frame is not divided.
    for (const [index, mask] of some.slice(1).entries())
      expect(runLengthIou(mask, others[index + 1]!, 0)).toBe(0)
  })
})
