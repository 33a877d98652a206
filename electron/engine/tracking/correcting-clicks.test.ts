import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Sam2Model } from '../../../models/sam2/sam2-model.ts'
import type { RunLengthMask } from '../../contract/mask.ts'
import type { PixelBox } from '../masks/run-length-measures.ts'
import { runLengthIou } from '../masks/run-length-sets.ts'
import { openVideo } from '../video/open-video.ts'
import type { VideoSource } from '../video/video-source.ts'
import { loadModel } from './load-model.ts'
import type { PointPrompt } from './predictor-types.ts'
import { Tracker } from './tracker.ts'
import type { FramePrompts, StoredMemory, TrackedVideo } from './tracker-protocol.ts'
import { VideoPictures } from './video-pictures.ts'
import { VideoPredictor } from './video-predictor.ts'
import { maskInFrame } from './view-masks.ts'

const rules = { followZoom: true, isSelective: true }

const modelSizePx = 256
/** A bottle in the middle, clicked once; corrected five frames later. */
const start = 39
const corrected = 44
const clicked: PointPrompt = { x: 315, y: 240, label: 1 }

let model: Sam2Model
let film: VideoSource
let video: TrackedVideo
let tracker: Tracker
/** What the predictor tracked up to the corrected frame. */
const tracked = new Map<number, { mask: RunLengthMask; view: PixelBox | null }>()

beforeAll(async () => {
  model = (await loadModel({ model: 'nano', imageSize: modelSizePx, threads: 1 })).model
  film = await openVideo(fileURLToPath(new URL('../../../test/fixtures/sample/bottles.mp4', import.meta.url)))
  const { widthPx, heightPx, frameCount } = film
  video = { contentId: 'bottles', widthPx, heightPx, frameCount }
  tracker = new Tracker({
    pictureOf: async (_, frameIndex) => (await film.frameAt(frameIndex)).rgb,
    onState: () => {},
    onNotice: () => {},
  })
  await tracker.handlers.load({
    ...{ model: 'nano', modelsFolder: '', inputSizePx: modelSizePx, featureBytes: 1e8 },
    ...{ device: 'cpu', precision: 'fp32' },
  })
  const predictor = new VideoPredictor(model, new VideoPictures(film, model))
  await trackTo(predictor, corrected)
})
afterAll(async () => {
  await film.close()
  await model.dispose()
})

async function trackTo(predictor: VideoPredictor, last: number): Promise<void> {
  await predictor.addPointsOrBox(start, 1, { points: [clicked] })
  for await (const { frameIndex, objects } of predictor.propagate({ maxFrames: last - start })) {
    const record = objects[0]!.record!
    tracked.set(frameIndex, { mask: maskInFrame(record, model.maskSize, film), view: record.view })
  }
}

/** The mask that the predictor gives after these clicks on the corrected frame, one after the other. */
async function byThePredictor(points: readonly PointPrompt[]): Promise<RunLengthMask> {
  const predictor = new VideoPredictor(model, new VideoPictures(film, model))
  await trackTo(predictor, corrected)
  let record
  for (const [index, point] of points.entries()) {
    const prompt = { points: [point], clearOldPoints: index === 0 }
    record = (await predictor.addPointsOrBox(corrected, 1, prompt)).objects[0]!.record!
  }
  return maskInFrame(record!, model.maskSize, film)
}

function promptsOf(points: readonly PointPrompt[], base: RunLengthMask | null): FramePrompts {
  return { kind: 'points', points, box: null, base, alternative: null }
}

function memoryOf(trackedFrames: number): StoredMemory {
  const before = Array.from({ length: trackedFrames }, (_, place) => corrected - 1 - place)
  return {
    ...{ reverse: false, view: tracked.get(corrected)!.view },
    prompted: [{ frameIndex: start, prompts: promptsOf([clicked], null) }],
    tracked: before.map((frameIndex) => ({ frameIndex, ...tracked.get(frameIndex)! })),
  }
}

async function inTheStudio(
  points: readonly PointPrompt[],
  memory: StoredMemory | null,
): Promise<RunLengthMask> {
  const prompts = promptsOf(points, tracked.get(corrected)!.mask)
  const question = { video, frameIndex: corrected, prompts, memory, rules }
  return (await tracker.handlers.answer(question)).mask
}

describe('a correcting click on a tracked frame', () => {
  const onTheCap: PointPrompt = { x: 315, y: 120, label: 1 }
  const atItsFoot: PointPrompt = { x: 315, y: 300, label: 1 }
  const beside: PointPrompt = { x: 375, y: 240, label: 0 }

  it.each([
    ['more of the object', [onTheCap]],
    ['its foot', [atItsFoot]],
    ['less of what is beside it', [beside]],
    ['the one and then the other', [atItsFoot, beside]],
  ])('for %s is answered with the memory bank, as by the predictor', async (_, points) => {
    const expected = await byThePredictor(points)
    expect(runLengthIou(await inTheStudio(points, memoryOf(3)), expected, 1)).toBeGreaterThan(0.95)
    // From the mask alone another one comes out.
    expect(runLengthIou(await inTheStudio(points, null), expected, 1)).toBeLessThan(0.7)
  })

  it('gives the same mask whatever was asked before, and with its memory made ready or not', async () => {
    const first = await inTheStudio([onTheCap], memoryOf(3))
    await inTheStudio([onTheCap, beside], memoryOf(3))
    await inTheStudio([onTheCap], memoryOf(1))
    expect(await inTheStudio([onTheCap], memoryOf(3))).toEqual(first)
    const anew = new Tracker({
      pictureOf: async (_, frameIndex) => (await film.frameAt(frameIndex)).rgb,
      onState: () => {},
      onNotice: () => {},
    })
    await anew.handlers.load({
      ...{ model: 'nano', modelsFolder: '', inputSizePx: modelSizePx, featureBytes: 0 },
      ...{ device: 'cpu', precision: 'fp32' },
    })
    const memory = memoryOf(3)
    const place = { video, frameIndex: corrected, memory, rules }
    for (const frame of [...memory.prompted, ...memory.tracked, null])
      await anew.handlers.remember({ ...place, frame })
    const prompts = promptsOf([onTheCap], tracked.get(corrected)!.mask)
    expect((await anew.handlers.answer({ ...place, prompts })).mask).toEqual(first)
  })
})
