import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { discMask, discPicture, type Disc } from '../../../test/fixtures/disc-film.ts'
import type { RunLengthMask } from '../../contract/mask.ts'
import { encodeRunLength } from '../masks/run-length-mask.ts'
import { isRunLengthEmpty } from '../masks/run-length-measures.ts'
import { runLengthIou } from '../masks/run-length-sets.ts'
import { addMasks, NO_SCORES } from '../project/edits/mask-edits.ts'
import { addObject } from '../project/edits/object-edits.ts'
import { setMaskPrompt } from '../project/edits/prompt-edits.ts'
import { addVideos } from '../project/edits/video-edits.ts'
import { createProject } from '../project/create-project.ts'
import { testFolder, videoFile } from '../project/store-fixture.ts'
import { Inference } from '../tracking/inference.ts'
import { DEFAULT_TRACKING } from '../tracking/tracking-options.ts'
import type { DecodedFrame, FrameRange, VideoSource } from '../video/video-source.ts'
import { RunConductor } from './run-conductor.ts'
import { storedMaskAt } from './stored-mask.ts'

const frame = { widthPx: 320, heightPx: 180 }
const frameCount = 24

let folder: string
let remove: () => void
let inference: Inference
/** The film that is tracked now. */
let discsAt: (frameIndex: number) => readonly Disc[]

beforeEach(() => {
  ;({ folder, remove } = testFolder())
  inference = new Inference({
    wantedModel: () => ({
      ...{ model: 'nano', modelsFolder: '', inputSizePx: 128, device: 'cpu', precision: 'fp32' },
      featureBytes: 1e7,
    }),
    picture: (_, frameIndex) => Promise.resolve(pictureOf(frameIndex)),
    onFeatures: () => {},
    onNotice: () => {},
    onLoaded: () => {},
    onGone: () => {},
  })
})
afterEach(async () => {
  await inference.close()
  remove()
})

function pictureOf(frameIndex: number): Uint8Array {
  return discPicture(discsAt(frameIndex), frameIndex, frame)
}

/** Frames of the film; `onFrame` hears of each one before a run that walks forward comes to it. */
function filmWith(onFrame: (frameIndex: number) => void): VideoSource {
  const frameOf = (frameIndex: number): DecodedFrame => ({
    ...{ frameIndex, timeSeconds: frameIndex / 25, ...frame },
    rgb: pictureOf(frameIndex),
  })
  return {
    ...{ path: '', kind: 'file', ...frame, pixelAspectRatio: 1, frameCount },
    ...{ presentationTimes: new Float64Array(frameCount), presentationTicks: [] },
    ...{ timeBase: { numerator: 1, denominator: 25 }, lastFrameTicks: 1, averageFrameRate: 25 },
    ...{ colorTags: { matrix: null, range: null, primaries: null, transfer: null } },
    ...{ hasAudio: false, warnings: [] },
    async *frames({ first, last }: FrameRange = { first: 0, last: frameCount - 1 }) {
      for (let frameIndex = first; frameIndex <= last; frameIndex++) {
        onFrame(frameIndex)
        yield frameOf(frameIndex)
      }
    },
    frameAt: (frameIndex) => Promise.resolve(frameOf(frameIndex)),
    close: () => Promise.resolve(),
  }
}

interface Tracked {
  readonly masks: RunLengthMask[]
  readonly pauses: number
  /** First frames of the shots that were found. */
  readonly shotStarts: number[]
}

/** All frames of the film, tracked from the object's mask on the first one in a run that is paused on these frames. */
async function track(...pausedOn: number[]): Promise<Tracked> {
  const store = await createProject(join(folder, `${String(pausedOn[0])}.maskwright`), { name: 'film' })
  const file = { ...videoFile(frameCount), ...frame }
  const videoId = addVideos(store, [{ name: 'film', file }]).videoIds[0]!
  const { objectId } = addObject(store, { name: 'disc' }, ['#ff0000'])
  const mask = encodeRunLength(discMask(discsAt(0)[0]!, frame))
  setMaskPrompt(store, { videoId, objectId, frameIndex: 0 }, { mask, origin: 'import' })
  const source = { videoId, origin: 'import', model: null } as const
  addMasks(store, source, [{ objectId, frameIndex: 0, mask, scores: NO_SCORES }], 'import:1')
  let pauses = 0
  const waiting = new Set(pausedOn)
  let pause: () => Promise<void> = () => Promise.resolve()
  const film = filmWith((frameIndex) => {
    if (waiting.delete(frameIndex)) void pause()
  })
  const runs = await new Promise<RunConductor>((resolve, reject) => {
    const conductor = new RunConductor({
      ...{ store, inference, video: () => Promise.resolve(film), supplyPictures: () => {} },
      ...{ onMasks: () => {}, onLookAlike: () => {}, onFailure: reject },
      onProgress: ({ state }) => {
        if (state === 'finished') resolve(conductor)
      },
      tracking: () => DEFAULT_TRACKING,
      modelName: () => 'nano',
    })
    const { run } = conductor.start({
      ...{ videoId, objectIds: [objectId], startFrame: 0 },
      ...({ direction: 'forward', limit: { kind: 'end' }, extent: 'all' } as const),
    })
    pause = async () => {
      await conductor.pause(run.id)
      pauses++
      conductor.resume(run.id)
    }
  })
  await runs.close()
  const masks = Array.from({ length: frameCount }, (_, frameIndex) =>
    storedMaskAt(store, { videoId, objectId, frameIndex })!,
  )
  const shotStarts = [...store.records.all('shots')].map((shot) => shot.frameIndex)
  store.close()
  return { masks, pauses, shotStarts }
}

/** Mean IoU, frame by frame. */
function likeness(some: readonly RunLengthMask[], others: readonly RunLengthMask[]): number {
  const ious = some.map((mask, frameIndex) => runLengthIou(mask, others[frameIndex]!, 1))
  return ious.reduce((sum, iou) => sum + iou, 0) / ious.length
}

describe('a run that was paused', () => {
  it('while the object was gone sees it where the run in one go does', async () => {
    const [goneFrom, backOn] = [6, 20]
    // Something else is there that an object may be taken for of which nothing is known.
    const other = { x: 250, y: 60, radius: 20 }
    discsAt = (frameIndex) =>
      frameIndex >= goneFrom && frameIndex < backOn
        ? [other]
        : [{ x: 100 + 2 * frameIndex, y: 110, radius: 36 }, other]
    const whole = await track()
    // Once with frames that show it close by, once when the last of them is out of the bank's reach.
    const paused = await track(goneFrom + 3, goneFrom + 11)
    expect(paused.pauses).toBe(2)
    const seen = Array.from({ length: frameCount }, (_, at) => at < goneFrom || at >= backOn)
    expect(whole.masks.map((mask) => !isRunLengthEmpty(mask))).toEqual(seen)
    expect(paused.masks.map((mask) => !isRunLengthEmpty(mask))).toEqual(seen)
    expect(likeness(paused.masks, whole.masks)).toBeGreaterThan(0.9)
  })

  it('just before a cut finds it', async () => {
    const cut = 12
    const left = { x: 0, y: 90, radius: 160 }
    const corners = [0, 160, 320].map((x) => ({ x, y: x === 160 ? 180 : 0, radius: 90 }))
    discsAt = (frameIndex) => [{ x: 240, y: 90, radius: 30 }, ...(frameIndex < cut ? [left] : corners)]
    const paused = await track(cut - 2)
    expect(paused.pauses).toBe(1)
    expect(paused.shotStarts).toEqual([cut])
  })

  it('goes on looking at a small object from nearer by', async () => {
    // So large that a view is kept, but none is begun on the way.
    discsAt = (frameIndex) => [{ x: 100 + 3 * frameIndex, y: 90, radius: 14 }]
    const whole = await track()
    const paused = await track(11)
    expect(paused.pauses).toBe(1)
    expect(whole.masks.some(isRunLengthEmpty)).toBe(false)
    expect(likeness(paused.masks, whole.masks)).toBeGreaterThan(0.9)
  })
})
