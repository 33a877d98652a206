import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { LaneMemo } from './lane-memo.ts'
import type { ProjectStore } from './project-store.ts'
import { arbitrarySteps, FRAMES, makeEdit } from './random-edits.ts'
import { projectWith, testFolder } from './store-fixture.ts'
import { readTimeline } from './timeline-reader.ts'

let folder: string
let remove: () => void
beforeAll(() => {
  ;({ folder, remove } = testFolder())
})
afterAll(() => {
  remove()
})

test('only the lanes whose masks changed are read again', () => {
  const memo = new LaneMemo()
  let reads = 0
  const recall = (objectId: number): number =>
    memo.recall({ videoId: 1, objectId }, `lane ${String(objectId)}`, () => ++reads)
  expect([recall(1), recall(2), recall(1)]).toEqual([1, 2, 1])
  memo.forget([{ videoId: 1, objectId: 2, first: 3, last: 3 }])
  expect([recall(1), recall(2)]).toEqual([1, 3])
})

function everyLane(store: ProjectStore): unknown {
  const options = { bucketCount: 7, suspicionThreshold: 0.4 }
  return [...store.records.all('videos')].map(
    ({ id: videoId }) =>
      readTimeline(store, { videoId, objectIds: null, first: 0, last: FRAMES - 1 }, options).lanes,
  )
}

test('after any edit, undo or redo the remembered timeline is the one that is read anew', async () => {
  let number = 0
  await fc.assert(
    fc.asyncProperty(arbitrarySteps, async (steps) => {
      const path = join(folder, `lanes-${String(number++)}.maskwright`)
      const { store } = await projectWith(path, { frameCount: FRAMES, objects: 2 })
      for (const step of steps) {
        makeEdit(store, step)
        const remembered = everyLane(store)
        store.laneMemo.clear()
        expect(remembered).toEqual(everyLane(store))
      }
      store.close()
    }),
    { numRuns: 40 },
  )
})
