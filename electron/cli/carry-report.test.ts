import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { emptyRunLength } from '../engine/masks/run-length-mask.ts'
import type { ProjectStore } from '../engine/project/project-store.ts'
import { projectWith, testFolder, videoFile } from '../engine/project/store-fixture.ts'
import { describeSearch, type CarryReportOptions } from './carry-report.ts'

let store: ProjectStore
let report: CarryReportOptions
let remove: () => void
beforeEach(async () => {
  const made = testFolder()
  remove = made.remove
  const project = await projectWith(join(made.folder, 'film.maskwright'), { frameCount: 8, objects: 3 })
  store = project.store
  const videos = {
    files: [-1, -2].map((id) => ({ ...videoFile(8), id })),
    names: new Map([
      [-1, 'thursday'],
      [-2, 'jug'],
    ]),
  }
  report = { store, videos, objectIds: project.objectIds, minConfidence: 0.5 }
})
afterEach(() => {
  store.close()
  remove()
})

test('each video has its lines: hits, what was not found, what is labelled', () => {
  const [one, two, three] = report.objectIds as [number, number, number]
  const [first, second, third] = report.objectIds.map((id) => store.records.get('objects', id)!.name)
  const hit = { videoId: -1, mask: emptyRunLength(1, 1), agreement: 1 }
  const hits = [
    { ...hit, hitId: 1, objectId: one, frameIndex: 3, confidence: 0.4 },
    { ...hit, hitId: 2, objectId: two, frameIndex: 5, confidence: 0.9 },
  ]
  const search = {
    isLabelledThroughout: (videoId: number, objectId: number) => videoId === -1 && objectId === three,
  }
  expect(describeSearch(hits, search, report)).toEqual([
    `thursday: ${second} on frame 5, confidence 0.90, taken`,
    `thursday: ${first} on frame 3, confidence 0.40, left out`,
    `thursday: ${third} is labelled there already`,
    `jug: nothing like ${first}, ${second} or ${third} was found`,
  ])
})
