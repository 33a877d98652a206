import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { noObjectLogit } from '../../../models/sam2/mask-choice.ts'
import type { Sam2Model } from '../../../models/sam2/sam2-model.ts'
import type { BinaryMask } from '../masks/binary-mask.ts'
import type { FrameRecord } from './frame-record.ts'
import { loadModel } from './load-model.ts'
import { Shots } from './shots.ts'
import { DEFAULT_TRACKING, OFFICIAL_TRACKING } from './tracking-options.ts'
import { pictureOfView } from './view-picture.ts'
import { boxInFrame } from './view-masks.ts'
import type { PredictorOptions, PredictorVideo } from './predictor-types.ts'
import { VideoPredictor } from './video-predictor.ts'

const modelSize = 128
let model: Sam2Model

beforeAll(async () => {
  model = (await loadModel({ model: 'nano', imageSize: modelSize, threads: 1 })).model
})
afterAll(() => model.dispose())

/** A bright disc in source pixels. */
interface Disc {
  readonly x: number
  readonly y: number
  readonly radius: number
}

const side = 128
const frameCount = 20
const object: Disc = { x: 38, y: 64, radius: 16 }

function isInside({ x, y, radius }: Disc, column: number, row: number, reach = 1): boolean {
  return (column - x) ** 2 + (row - y) ** 2 < (radius * reach) ** 2
}

/** Discs on noise, in a square picture. */
function discVideo(discsAt: (frameIndex: number) => readonly Disc[], sidePx = side): PredictorVideo {
  return {
    frameCount,
    widthPx: sidePx,
    heightPx: sidePx,
    pictureAt: (frameIndex, view) => {
      const rgb = new Uint8Array(sidePx * sidePx * 3)
      const discs = discsAt(frameIndex)
      let seed = frameIndex + 1
      for (let pixel = 0; pixel < sidePx * sidePx; pixel++) {
        seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
        const row = Math.floor(pixel / sidePx)
        const isBright = discs.some((disc) => isInside(disc, pixel % sidePx, row))
        rgb.fill(isBright ? 220 : 60 + (seed >>> 27), pixel * 3, pixel * 3 + 3)
      }
      return Promise.resolve(pictureOfView({ rgb, widthPx: sidePx, heightPx: sidePx }, view, model.imageSize))
    },
  }
}

function maskOf(disc: Disc, sidePx = side): BinaryMask {
  const data = Uint8Array.from({ length: sidePx * sidePx }, (_, pixel) =>
    isInside(disc, pixel % sidePx, Math.floor(pixel / sidePx)) ? 1 : 0,
  )
  return { widthPx: sidePx, heightPx: sidePx, data }
}

/** Records of all frames, with the object's mask given on the first. */
async function follow(
  video: PredictorVideo,
  options: Partial<PredictorOptions> = {},
  disc = object,
): Promise<FrameRecord[]> {
  const predictor = new VideoPredictor(model, video, options)
  await predictor.addMask(0, 1, maskOf(disc, video.widthPx))
  const records: FrameRecord[] = []
  for await (const { objects } of predictor.propagate()) records.push(objects[0]!.record!)
  return records
}

/** Cells of a mask that lie on a disc, with its rim. */
function cellsOn({ maskLogits }: FrameRecord, disc: Disc): number {
  const cellPx = side / model.maskSize
  return maskLogits.filter((logit, cell) => {
    const column = ((cell % model.maskSize) + 0.5) * cellPx
    const row = (Math.floor(cell / model.maskSize) + 0.5) * cellPx
    return logit > 0 && isInside(disc, column, row, 1.2)
  }).length
}

describe('an object that is followed', () => {
  it('is not joined by a look-alike that comes near, as it is in the reference', async () => {
    const rivalAt = (frameIndex: number): Disc => ({ ...object, x: 147 - 4 * frameIndex })
    const video = discVideo((frameIndex) => [object, rivalAt(frameIndex)])
    const ours = await follow(video)
    const reference = await follow(video, { mode: 'reference' })
    const first = ours.findIndex(({ hasRival }) => hasRival)
    expect(first).toBeGreaterThan(0)
    for (let frameIndex = first; frameIndex < frameCount; frameIndex++) {
      expect(cellsOn(ours[frameIndex]!, rivalAt(frameIndex))).toBeLessThan(2)
      expect(cellsOn(ours[frameIndex]!, object)).toBeGreaterThan(20)
      expect(cellsOn(reference[frameIndex]!, rivalAt(frameIndex))).toBeGreaterThan(5)
    }
    expect(reference.some(({ hasRival }) => hasRival)).toBe(false)
  })

  it('leaves no memory of frames on which it is hidden, and is found again', async () => {
    const records = await follow(
      discVideo((frameIndex) => (frameIndex >= 8 && frameIndex < 14 ? [] : [object])),
    )
    expect(records.map(({ isFound }) => isFound)).toEqual(
      Array.from({ length: frameCount }, (_, frameIndex) => frameIndex < 8 || frameIndex >= 14),
    )
    for (const { maskLogits, memory } of records.slice(8, 14)) {
      expect(memory).toBeNull()
      expect(maskLogits.every((logit) => logit === noObjectLogit)).toBe(true)
    }
    expect(cellsOn(records[14]!, object)).toBeGreaterThan(20)
  })

  it('is followed by the official rules where nothing else is asked for', async () => {
    const video = discVideo((frameIndex) => [{ ...object, x: object.x + 2 * frameIndex }])
    const reference = await follow(video, { mode: 'reference' })
    const official = await follow(video, { mode: 'default', tracking: OFFICIAL_TRACKING })
    expect(official.map(({ maskLogits }) => maskLogits)).toEqual(
      reference.map(({ maskLogits }) => maskLogits),
    )
  })

  it('may be anywhere after a cut, which is no rival', async () => {
    const elsewhere = { ...object, x: 96, y: 40 }
    const video = discVideo((frameIndex) => [frameIndex < 10 ? object : elsewhere])
    const records = await follow(video, { shots: new Shots([10]) })
    expect([records[10]!.isFound, records[10]!.hasRival]).toEqual([true, false])
    expect(cellsOn(records[10]!, elsewhere)).toBeGreaterThan(20)
  })

  it('is absent after a cut as long as it is not in the shot, and found when it comes', async () => {
    const video = discVideo((frameIndex) => (frameIndex < 10 || frameIndex >= 15 ? [object] : []))
    const records = await follow(video, { shots: new Shots([10]) })
    expect(records.map(({ isFound }) => isFound)).toEqual(
      Array.from({ length: frameCount }, (_, frameIndex) => frameIndex < 10 || frameIndex >= 15),
    )
  })

  it('is known after a cut that shows it from its other side', async () => {
    const video = discVideo((frameIndex) => [frameIndex < 10 ? object : { ...object, x: side - object.x }])
    const records = await follow(video, { shots: new Shots([10]) })
    expect(records.slice(10).every(({ isFound }) => isFound)).toBe(true)
  })

  it('is looked at from nearer by where it is small, in a view that goes with it', async () => {
    const sidePx = 320
    const discAt = (frameIndex: number): Disc => ({ x: 100 + 3 * frameIndex, y: 150, radius: 12 })
    const video = discVideo((frameIndex) => [discAt(frameIndex)], sidePx)
    const records = await follow(video, {}, discAt(0))
    for (const [frameIndex, record] of records.entries()) {
      const { x, y } = discAt(frameIndex)
      const view = record.view!
      expect(view.widthPx).toBeLessThan(sidePx / 2)
      const box = boxInFrame(record, model.maskSize, video)!
      expect(Math.abs(box.leftPx + box.widthPx / 2 - x)).toBeLessThan(5)
      expect(Math.abs(box.topPx + box.heightPx / 2 - y)).toBeLessThan(5)
    }
    const whole = await follow(video, { tracking: { ...DEFAULT_TRACKING, followZoom: false } }, discAt(0))
    expect(whole.every(({ view }) => view === null)).toBe(true)
  })

  it('is looked for in the whole frame where its prompt is still ahead', async () => {
    const sidePx = 320
    const disc: Disc = { x: 60, y: 150, radius: 12 }
    const video = discVideo(() => [disc, { ...disc, x: 260 }], sidePx)
    const predictor = new VideoPredictor(model, video)
    await predictor.addMask(0, 1, maskOf(disc, sidePx))
    await predictor.addMask(frameCount - 1, 2, maskOf({ ...disc, x: 260 }, sidePx))
    for await (const { objects } of predictor.propagate()) {
      const { record } = objects.find(({ objectId }) => objectId === 2)!
      expect(record!.view).toBeNull()
      break
    }
  })
})
