import fc from 'fast-check'
import { expect, test } from 'vitest'
import { objectRecord, projectFixture, videoRecord } from '../testing/project-fixture.ts'
import { applyProjectChange, COLLECTION_NAMES, inOrder, recordsOf } from './project-records.ts'

const history = { undo: null, redo: null }

test('records hold every collection of the project', () => {
  const project = projectFixture()
  const records = recordsOf(project)
  for (const name of COLLECTION_NAMES) expect([...records[name].values()], name).toEqual(project[name])
})

const ids = fc.integer({ min: 1, max: 12 })
const change = fc.record({
  put: fc.uniqueArray(fc.tuple(ids, fc.string()), { selector: ([id]) => id }),
  remove: fc.uniqueArray(ids),
})

test('any run of changes gives what the changes say, and leaves earlier records as they were', () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 20 }), (changes) => {
      const expected = new Map(projectFixture().objects.map((object) => [object.id, object]))
      let records = recordsOf(projectFixture())
      for (const [index, { put, remove }] of changes.entries()) {
        const before = records
        const copy = new Map(before.objects)
        const objects = put.map(([id, name]) => objectRecord(id, { name }))
        for (const id of remove) expected.delete(id)
        for (const object of objects) expected.set(object.id, object)
        records = applyProjectChange(before, {
          baseRevision: index,
          revision: index + 1,
          collections: [{ collection: 'objects', put: objects, remove }],
          masks: [],
          history,
        })
        expect(before.objects).toEqual(copy)
        expect(records.videos).toBe(before.videos)
      }
      expect([...records.objects].sort()).toEqual([...expected].sort())
    }),
  )
})

test('order is that of the person, then age', () => {
  const videos = [
    videoRecord(3, { sortOrder: 1 }),
    videoRecord(1, { sortOrder: 2 }),
    videoRecord(2, { sortOrder: 1 }),
  ]
  expect(inOrder(new Map(videos.map((video) => [video.id, video]))).map((video) => video.id)).toEqual([
    2, 3, 1,
  ])
})
