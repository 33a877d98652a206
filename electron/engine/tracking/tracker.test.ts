import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { discMask, discPicture, type Disc } from '../../../test/fixtures/disc-film.ts'
import type { Sam2Model } from '../../../models/sam2/sam2-model.ts'
import type { RunLengthMask } from '../../contract/mask.ts'
import { encodeRunLength } from '../masks/run-length-mask.ts'
import { isRunLengthEmpty } from '../masks/run-length-measures.ts'
import { loadModel } from './load-model.ts'
import { DEFAULT_TRACKING } from './tracking-options.ts'
import { Tracker } from './tracker.ts'
import type { FramePrompts } from './tracker-protocol.ts'
import { maskInFrame } from './view-masks.ts'
import { VideoPredictor } from './video-predictor.ts'
import { pictureOfView } from './view-picture.ts'

const rules = { followZoom: true, isSelective: true }

const modelSizePx = 128
const frame = { widthPx: 960, heightPx: 540 }
const frameCount = 5
const video = { contentId: 'discs', ...frame, frameCount }

let model: Sam2Model
let tracker: Tracker
/** The disc's radius in the film that is shown now. */
let radius = 0

function discAt(frameIndex: number): Disc {
  return { x: 301 + 3 * frameIndex, y: 241, radius }
}

function pictureOf(frameIndex: number): Uint8Array {
  return discPicture([discAt(frameIndex)], frameIndex, frame)
}

beforeAll(async () => {
  model = (await loadModel({ model: 'nano', imageSize: modelSizePx, threads: 1 })).model
  tracker = new Tracker({
    pictureOf: (_, frameIndex) => Promise.resolve(pictureOf(frameIndex)),
    onState: () => {},
    onNotice: () => {},
  })
})
afterAll(() => model.dispose())

/** The mask that the studio shows on the prompted frame, and those of the frames after it. */
async function inTheStudio(prompts: FramePrompts): Promise<RunLengthMask[]> {
  const { handlers } = tracker
  const wanted = { model: 'nano', modelsFolder: '', inputSizePx: modelSizePx, featureBytes: 0 }
  await handlers.load({ ...wanted, device: 'cpu', precision: 'fp32' })
  const place = { trackId: 1, objectId: 1 }
  await handlers.beginTrack({
    ...{ trackId: 1, video, reverse: false, tracking: DEFAULT_TRACKING, shotStarts: [] },
  })
  await handlers.condition({ ...place, frameIndex: 0, prompts })
  const shown = await handlers.answer({ video, frameIndex: 0, prompts, memory: null, rules })
  const masks: RunLengthMask[] = [shown.mask]
  for (let frameIndex = 1; frameIndex < frameCount; frameIndex++)
    masks.push((await handlers.step({ ...place, frameIndex, conditioningFrames: [0] })).mask)
  return masks
}

/** The same as the predictor of the command line finds them. */
async function byThePredictor(
  prompt: (predictor: VideoPredictor) => Promise<unknown>,
): Promise<RunLengthMask[]> {
  const predictor = new VideoPredictor(model, {
    ...{ ...frame, frameCount },
    pictureAt: (frameIndex, view) =>
      Promise.resolve(pictureOfView({ ...frame, rgb: pictureOf(frameIndex) }, view, modelSizePx)),
  })
  await prompt(predictor)
  const masks: RunLengthMask[] = []
  for await (const { objects } of predictor.propagate())
    masks.push(maskInFrame(objects[0]!.record!, model.maskSize, frame))
  return masks
}

describe('an object that was prompted', () => {
  // From a speck that is less than half of any of the model's pixels to one that needs no view.
  it.each([3, 10, 28, 140])(
    'with a mask of radius %s is tracked in the studio as by the predictor',
    async (size) => {
      radius = size
      const mask = discMask(discAt(0), frame)
      const studio = await inTheStudio({ kind: 'mask', mask: encodeRunLength(mask) })
      expect(studio).toEqual(await byThePredictor((predictor) => predictor.addMask(0, 1, mask)))
      expect(studio.every(isRunLengthEmpty)).toBe(false)
    },
  )

  it.each([28, 140])('with a click on one of radius %s is, too', async (size) => {
    radius = size
    const point = { ...discAt(0), label: 1 as const }
    const nothing = { box: null, base: null, alternative: null }
    const studio = await inTheStudio({ kind: 'points', points: [point], ...nothing })
    expect(studio).toEqual(
      await byThePredictor((predictor) => predictor.addPointsOrBox(0, 1, { points: [point] })),
    )
    expect(studio.every(isRunLengthEmpty)).toBe(false)
  })

  it('with a box is, too', async () => {
    radius = 28
    const { x, y } = discAt(0)
    const box = { left: x - 30, top: y - 30, right: x + 30, bottom: y + 30 }
    const studio = await inTheStudio({ kind: 'points', points: [], box, base: null, alternative: null })
    const corners = [box.left, box.top, box.right, box.bottom] as const
    expect(studio).toEqual(
      await byThePredictor((predictor) => predictor.addPointsOrBox(0, 1, { box: corners })),
    )
    expect(studio.every(isRunLengthEmpty)).toBe(false)
  })
})
