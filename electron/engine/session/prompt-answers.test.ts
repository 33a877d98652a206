import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RunLengthMask } from '../../contract/mask.ts'
import type { TrackRequest } from '../../contract/tracking.ts'
import { runLengthIou } from '../masks/run-length-sets.ts'
import { createProject } from '../project/create-project.ts'
import { addObject } from '../project/edits/object-edits.ts'
import { addPoint, deletePrompt, type FramePlace } from '../project/edits/prompt-edits.ts'
import { addVideos } from '../project/edits/video-edits.ts'
import type { ProjectStore } from '../project/project-store.ts'
import { testFolder, videoFile } from '../project/store-fixture.ts'
import { RunConductor } from '../runs/run-conductor.ts'
import { storedMaskAt } from '../runs/stored-mask.ts'
import { conditioningPrompts, storedMemory } from '../runs/stored-memory.ts'
import { Inference } from '../tracking/inference.ts'
import { DEFAULT_TRACKING } from '../tracking/tracking-options.ts'
import { openVideo } from '../video/open-video.ts'
import type { VideoSource } from '../video/video-source.ts'
import { PromptAnswers } from './prompt-answers.ts'

const modelSizePx = 256
/** A bottle is clicked on the first of these frames and corrected on the second. */
const start = 39
const corrected = 44

let film: VideoSource
let store: ProjectStore
let remove: () => void
let inference: Inference
let answers: PromptAnswers
let place: FramePlace

beforeAll(async () => {
  film = await openVideo(fileURLToPath(new URL('../../../test/fixtures/sample/bottles.mp4', import.meta.url)))
  const folder = testFolder()
  remove = folder.remove
  store = await createProject(join(folder.folder, 'bottles.maskwright'), { name: 'bottles' })
  const { widthPx, heightPx, frameCount } = film
  const file = { ...videoFile(frameCount), widthPx, heightPx }
  const videoId = addVideos(store, [{ name: 'bottles', file }]).videoIds[0]!
  place = { videoId, objectId: addObject(store, { name: 'bottle' }, ['#ff0000']).objectId, frameIndex: start }
  beginAnew()
  await click(start, { x: 315, y: 240, label: 1 })
  await track({ direction: 'forward', startFrame: start, extent: 'all' })
})
afterAll(async () => {
  await inference.close()
  await film.close()
  store.close()
  remove()
})

/** As after a restart: nothing but the project is left. */
function beginAnew(): void {
  inference = new Inference({
    wantedModel: () => ({
      ...{ model: 'nano', modelsFolder: '', inputSizePx: modelSizePx, device: 'cpu', precision: 'fp32' },
      featureBytes: 1e8,
    }),
    picture: async (_, frameIndex) => (await film.frameAt(frameIndex)).rgb,
    ...{ onFeatures: () => {}, onNotice: () => {}, onLoaded: () => {}, onGone: () => {} },
  })
  answers = new PromptAnswers({
    ...{ store, inference, onExpect: () => {}, onGiveUp: () => {}, onStored: (mask) => mask },
    ...{ rules: () => ({ followZoom: true, isSelective: true }), modelName: () => 'nano' },
    onFailure: (error) => {
      throw error
    },
  })
}

let marks = 0

async function click(frameIndex: number, point: { x: number; y: number; label: 0 | 1 }): Promise<number> {
  const mark = `click-${String(++marks)}`
  const { promptId } = addPoint(store, { ...place, frameIndex }, point, mark)
  await answers.answer({ ...place, frameIndex }, mark)
  return promptId!
}

function maskAt(frameIndex: number): RunLengthMask {
  return storedMaskAt(store, { ...place, frameIndex })!
}

async function track(way: Pick<TrackRequest, 'direction' | 'startFrame' | 'extent'>): Promise<void> {
  const { videoId, objectId } = place
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
    conductor.start({ ...way, videoId, objectIds: [objectId], limit: { kind: 'steps', steps: 8 } })
  })
  await runs.close()
}

test('a correcting click gives the same mask again after undo, redo and a restart, and a walk takes it as it is', async () => {
  const more = { x: 315, y: 300, label: 1 } as const
  const beneath = maskAt(corrected)
  await click(corrected, more)
  const answer = maskAt(corrected)
  expect(runLengthIou(answer, beneath, 1)).toBeLessThan(0.95)

  store.undo()
  expect(maskAt(corrected)).toEqual(beneath)
  store.redo()
  expect(maskAt(corrected)).toEqual(answer)

  store.undo()
  await inference.close()
  beginAnew()
  const promptId = await click(corrected, more)
  expect(maskAt(corrected)).toEqual(answer)
  // Taken back as an edit rather than undone, and by way of another click.
  deletePrompt(store, promptId)
  expect(maskAt(corrected)).toEqual(beneath)
  const other = await click(corrected, { x: 375, y: 240, label: 0 })
  deletePrompt(store, other)
  await click(corrected, more)
  expect(maskAt(corrected)).toEqual(answer)

  const before = maskAt(corrected - 1)
  await track({ direction: 'both', startFrame: corrected, extent: 'untilAgreement' })
  expect(maskAt(corrected - 1)).not.toEqual(before)
  expect(maskAt(corrected)).toEqual(answer)
  expect(conditioningPrompts(store, { ...place, frameIndex: corrected })).toEqual({
    ...{ kind: 'mask', mask: answer },
  })
})

test('a tracked frame is remembered by prompted frames and those that its walk passed before', () => {
  const options = { followZoom: true, modelSizePx }
  const memoryAt = (frameIndex: number) => storedMemory(store, { ...place, frameIndex }, options)
  const framesOf = (memory: ReturnType<typeof memoryAt>) => ({
    reverse: memory?.reverse,
    prompted: memory?.prompted.map(({ frameIndex }) => frameIndex).sort((a, b) => a - b),
    tracked: memory?.tracked.map(({ frameIndex }) => frameIndex),
  })
  const prompted = [start, corrected]
  expect(framesOf(memoryAt(corrected + 3))).toEqual({
    ...{ reverse: false, prompted },
    tracked: [corrected + 2, corrected + 1],
  })
  expect(framesOf(memoryAt(corrected + 1))).toEqual({ reverse: false, prompted, tracked: [] })
  // The last run went both ways from the corrected frame.
  expect(framesOf(memoryAt(corrected - 2))).toEqual({ reverse: true, prompted, tracked: [corrected - 1] })
  // Nothing was tracked on the first click's frame, and nothing beyond the last one.
  expect(memoryAt(start)).toBeNull()
  expect(memoryAt(start + 30)).toBeNull()
})
