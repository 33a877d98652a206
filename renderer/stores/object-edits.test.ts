// @vitest-environment happy-dom
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { objectRecord, projectFixture } from '../testing/project-fixture.ts'
import { openStudio } from '../testing/open-studio.ts'
import { useDialogs } from './dialogs.ts'
import { useObjectEdits } from './object-edits.ts'
import { useSelection } from './selection.ts'

test('an object can be moved before any other, counted as the list is now', async () => {
  const order = [1, 2, 3, 4, 5]
  const { host } = await openStudio(projectFixture({ objects: order.map((id) => objectRecord(id)) }))
  host.answer('object.reorder', () => ({ revision: 2 }))
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...order), fc.integer({ min: 0, max: order.length }), async (id, to) => {
      const before = host.paramsOf('object.reorder').length
      await useObjectEdits().move(id, to)
      const asked = host.paramsOf('object.reorder').slice(before)
      const marked: (number | string)[] = [...order]
      marked.splice(to, 0, 'here')
      const wanted = marked.filter((one) => one !== id).map((one) => (one === 'here' ? id : one))
      expect(asked).toEqual(wanted.join() === order.join() ? [] : [{ objectIds: wanted }])
    }),
  )
})

test('deleting selects the next one, at the end the one before', async () => {
  const { host } = await openStudio()
  host.answer('object.delete', () => ({ revision: 2 }))
  await useObjectEdits().remove([1])
  expect(useSelection().objectId).toBe(2)
  await useObjectEdits().remove([2, 3])
  expect(useSelection().objectId).toBe(1)
})

test('merging asks first, and keeps the one selected last', async () => {
  const { host } = await openStudio()
  host.answer('object.merge', () => ({ revision: 2 }))
  const selection = useSelection()
  const dialogs = useDialogs()
  selection.selectObjects([1, 3, 2])
  const refused = useObjectEdits().mergeSelected()
  dialogs.question?.answer(false)
  await refused
  expect(host.paramsOf('object.merge')).toEqual([])
  const merged = useObjectEdits().mergeSelected()
  dialogs.question?.answer(true)
  await merged
  expect(host.paramsOf('object.merge')).toEqual([{ objectId: 2, fromObjectIds: [1, 3] }])
  expect(selection.selectedObjectIds).toEqual([2])
})

test('a name that says nothing new is not sent', async () => {
  const { host } = await openStudio()
  host.answer('object.rename', () => ({ revision: 2 }))
  for (const name of ['  ', ' object 1 ', ' cup ']) await useObjectEdits().rename(1, name)
  expect(host.paramsOf('object.rename')).toEqual([{ objectId: 1, name: 'cup' }])
})

test('what was said of presence holds over its range', async () => {
  await openStudio(
    projectFixture({ presence: [{ id: 1, videoId: 1, objectId: 2, first: 5, last: 9, presence: 'absent' }] }),
  )
  const { presenceAt } = useObjectEdits()
  expect([4, 5, 9, 10].map((frame) => presenceAt(2, 1, frame))).toEqual([
    'unknown',
    'absent',
    'absent',
    'unknown',
  ])
  expect(presenceAt(2, 2, 6)).toBe('unknown')
})
