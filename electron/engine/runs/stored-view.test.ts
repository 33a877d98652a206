import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { discMask } from '../../../test/fixtures/disc-film.ts'
import { encodeRunLength } from '../masks/run-length-mask.ts'
import { createProject } from '../project/create-project.ts'
import { NO_SCORES } from '../project/edits/mask-edits.ts'
import { addObject } from '../project/edits/object-edits.ts'
import { setMaskPrompt } from '../project/edits/prompt-edits.ts'
import { appendTrackedMasks, startRun } from '../project/edits/run-edits.ts'
import { addVideos } from '../project/edits/video-edits.ts'
import type { ProjectStore } from '../project/project-store.ts'
import { testFolder, videoFile } from '../project/store-fixture.ts'
import { storedView } from './stored-view.ts'

const frame = { widthPx: 640, heightPx: 360 }
const frameCount = 90
let store: ProjectStore
let videoId: number
let remove: () => void

beforeEach(async () => {
  const made = testFolder()
  remove = made.remove
  store = await createProject(join(made.folder, 'film.maskwright'), { name: 'film' })
  videoId = addVideos(store, [{ name: 'film', file: { ...videoFile(frameCount), ...frame } }]).videoIds[0]!
})
afterEach(() => {
  store.close()
  remove()
})

/** An object that goes to the right, prompted on the first frame and tracked on those that follow. */
function tracked(radius: number, { count = 4, stepPx = 20 } = {}): number {
  const { objectId } = addObject(store, {}, ['#ff0000'])
  const mask = (frameIndex: number) =>
    encodeRunLength(discMask({ x: 200 + stepPx * frameIndex, y: 180, radius }, frame))
  setMaskPrompt(store, { videoId, objectId, frameIndex: 0 }, { mask: mask(0), origin: 'brush' })
  const request = {
    ...{ videoId, objectIds: [objectId], startFrame: 0 },
    ...({ direction: 'forward', limit: { kind: 'end' }, extent: 'all' } as const),
  }
  const { run } = startRun(store, { request, model: 'nano', framesTotal: frameCount })
  const masks = Array.from({ length: count }, (_, index) => ({
    ...{ objectId, frameIndex: index + 1, mask: mask(index + 1) },
    scores: { ...NO_SCORES, predictedIou: 0.9 },
  }))
  appendTrackedMasks(store, run.id, masks, masks.length)
  return objectId
}

test('a small object is looked at in a part of the frame that goes with it', () => {
  const objectId = tracked(12)
  const views = [0, 1, 2, 3, 4].map((frameIndex) => storedView(store, { videoId, objectId, frameIndex }, 512))
  for (const [frameIndex, view] of views.entries()) {
    const x = 200 + 20 * frameIndex
    expect(view!.leftPx).toBeLessThan(x - 12)
    expect(view!.leftPx + view!.widthPx).toBeGreaterThan(x + 12)
    expect(view!.widthPx).toBeLessThan(frame.widthPx / 2)
  }
  expect(views[4]!.leftPx).toBeGreaterThan(views[1]!.leftPx)
  // Where nothing was tracked nothing is known.
  expect(storedView(store, { videoId, objectId, frameIndex: 5 }, 512)).toBeNull()
})

test('the view of a prompted frame stays for as long as the object is followed', () => {
  // So large that a view is kept, but none is begun on the way.
  const objectId = tracked(32, { count: 80, stepPx: 2 })
  for (const frameIndex of [1, 12, 13, 40, 80])
    expect(storedView(store, { videoId, objectId, frameIndex }, 512)).not.toBeNull()
})

test('a large object is looked at in the whole frame', () => {
  const objectId = tracked(120)
  for (const frameIndex of [0, 2])
    expect(storedView(store, { videoId, objectId, frameIndex }, 512)).toBeNull()
})
