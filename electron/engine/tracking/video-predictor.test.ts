import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { noObjectLogit } from '../../../models/sam2/mask-choice.ts'
import { syntheticVideo } from '../../../test/bench/synthetic-video.ts'
import type { Sam2Model } from '../../../models/sam2/sam2-model.ts'
import { loadModel } from './load-model.ts'
import { InvalidPrompt, NothingToTrack, UnknownObject } from './tracking-errors.ts'
import type { PredictedFrame, PredictorOptions } from './predictor-types.ts'
import { VideoPredictor } from './video-predictor.ts'

const size = 128
let model: Sam2Model

beforeAll(async () => {
  model = (await loadModel({ model: 'nano', imageSize: size })).model
})
afterAll(() => model.dispose())

function predictorOf(frameCount: number, options: Partial<PredictorOptions> = {}): VideoPredictor {
  return new VideoPredictor(model, syntheticVideo(size, frameCount), options)
}

const click = { points: [{ x: size * 0.3, y: size * 0.5, label: 1 as const }] }
const elsewhere = { points: [{ x: size * 0.9, y: size * 0.1, label: 1 as const }] }

async function framesOf(frames: AsyncIterable<PredictedFrame>): Promise<PredictedFrame[]> {
  const all: PredictedFrame[] = []
  for await (const frame of frames) all.push(frame)
  return all
}

function logitsAt(frames: readonly PredictedFrame[], frameIndex: number, objectId = 1): Float32Array {
  const frame = frames.find((candidate) => candidate.frameIndex === frameIndex)
  return frame!.objects.find((object) => object.objectId === objectId)!.record!.maskLogits
}

describe('VideoPredictor', () => {
  it('gives frames in the order it walks, whichever way', async () => {
    const predictor = predictorOf(6)
    await predictor.addPointsOrBox(3, 1, click)
    const forward = await framesOf(predictor.propagate())
    expect(forward.map(({ frameIndex }) => frameIndex)).toEqual([3, 4, 5])
    const reverse = await framesOf(predictor.propagate({ startFrame: 3, reverse: true }))
    expect(reverse.map(({ frameIndex }) => frameIndex)).toEqual([3, 2, 1, 0])
    const limited = await framesOf(predictor.propagate({ startFrame: 3, maxFrames: 1 }))
    expect(limited.map(({ frameIndex }) => frameIndex)).toEqual([3, 4])
  })

  it('takes up objects that are added after tracking, and forgets removed ones', async () => {
    const predictor = predictorOf(4)
    await predictor.addPointsOrBox(0, 1, click)
    await framesOf(predictor.propagate())
    const answer = await predictor.addPointsOrBox(2, 7, elsewhere)
    expect(answer.objects.map(({ objectId }) => objectId)).toEqual([1, 7])
    const both = await framesOf(predictor.propagate())
    expect(both[0]!.objects.map(({ objectId }) => objectId)).toEqual([1, 7])
    predictor.removeObject(1)
    expect(predictor.objectIds).toEqual([7])
    predictor.reset()
    await expect(framesOf(predictor.propagate())).rejects.toThrow(NothingToTrack)
  })

  it('keeps a correction of a tracked frame, which the reference overwrites', async () => {
    const corrected: Record<string, boolean> = {}
    for (const mode of ['default', 'reference'] as const) {
      const predictor = predictorOf(5, { mode })
      await predictor.addPointsOrBox(0, 1, click)
      await framesOf(predictor.propagate())
      const answer = await predictor.addPointsOrBox(2, 1, elsewhere)
      const given = answer.objects[0]!.record!.maskLogits
      const after = await framesOf(predictor.propagate())
      corrected[mode] = given.every((logit, index) => logit === logitsAt(after, 2)[index])
    }
    expect(corrected).toEqual({ default: true, reference: false })
  })

  it('gives an absent object -1024 everywhere for an empty mask', async () => {
    const predictor = predictorOf(3)
    const mask = { widthPx: 40, heightPx: 30, data: new Uint8Array(1200) }
    const answer = await predictor.addMask(1, 1, mask)
    expect(answer.objects[0]!.record!.objectScore).toBe(-10)
    expect(Math.max(...answer.objects[0]!.record!.maskLogits)).toBeLessThan(0)
    expect(noObjectLogit).toBe(-1024)
  })

  it('stops between frames when asked', async () => {
    const predictor = predictorOf(6)
    await predictor.addPointsOrBox(0, 1, click)
    const controller = new AbortController()
    const seen: number[] = []
    const walk = async (): Promise<void> => {
      for await (const { frameIndex } of predictor.propagate({ signal: controller.signal })) {
        seen.push(frameIndex)
        if (frameIndex === 2) controller.abort()
      }
    }
    await expect(walk()).rejects.toThrow('aborted')
    expect(seen).toEqual([0, 1, 2])
    const rest = await framesOf(predictor.propagate({ startFrame: 3 }))
    expect(rest.map(({ frameIndex }) => frameIndex)).toEqual([3, 4, 5])
  })

  it.each([
    ['no points and no box', 0, {}],
    ['a box without area', 0, { box: [5, 5, 5, 9] as const }],
    ['a box upside down', 0, { box: [5, 9, 20, 5] as const }],
    ['a point outside', 0, { points: [{ x: size + 1, y: 0, label: 1 as const }] }],
    ['a point that is no number', 0, { points: [{ x: NaN, y: 0, label: 1 as const }] }],
    ['a frame beyond the end', 3, click],
    ['a frame before the start', -1, click],
    ['a box after points', 0, { box: [1, 1, 9, 9] as const, clearOldPoints: false }],
  ])('refuses %s and remembers nothing of it', async (_, frameIndex, prompt) => {
    const predictor = predictorOf(3)
    await expect(predictor.addPointsOrBox(frameIndex, 1, prompt)).rejects.toThrow(InvalidPrompt)
    expect(predictor.objectIds).toEqual([])
  })

  it('refuses what was never prompted', async () => {
    const predictor = predictorOf(3)
    expect(() => predictor.removeObject(4)).toThrow(UnknownObject)
    expect(() => predictor.clearFrame(0, 4)).toThrow(UnknownObject)
    await predictor.addPointsOrBox(0, 4, click)
    predictor.clearFrame(0, 4)
    await expect(framesOf(predictor.propagate())).rejects.toThrow(NothingToTrack)
  })
})
