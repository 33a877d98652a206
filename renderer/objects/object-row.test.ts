// @vitest-environment happy-dom
import { expect, test } from 'vitest'
import { maskRecord, objectRecord, projectFixture } from '../testing/project-fixture.ts'
import { mountStudio } from '../testing/mount-studio.ts'
import { openStudio } from '../testing/open-studio.ts'
import { settled } from '../testing/scripted-host.ts'
import { useSelection } from '../stores/selection.ts'
import { useView } from '../stores/view.ts'
import ObjectRow from './object-row.vue'
import { unmountAfterEach } from '../testing/unmount-after-each.ts'

unmountAfterEach()

test('a double click renames in place; Escape leaves the name', async () => {
  const studio = await openStudio()
  studio.host.answer('object.rename', () => ({ revision: 2 }))
  const row = mountStudio(ObjectRow, studio, { object: objectRecord(2) })
  await row.find('.row').trigger('dblclick')
  await row.find('input').setValue('left cup')
  await row.find('input').trigger('keydown', { key: 'Escape' })
  expect(studio.host.paramsOf('object.rename')).toEqual([])
  await row.find('.row').trigger('dblclick')
  await row.find('input').setValue('left cup')
  await row.find('input').trigger('keydown', { key: 'Enter' })
  await settled()
  expect(studio.host.paramsOf('object.rename')).toEqual([{ objectId: 2, name: 'left cup' }])
  expect(row.find('input').exists()).toBe(false)
})

test('its buttons hide, lock and isolate without selecting it', async () => {
  const studio = await openStudio()
  studio.host.answer('object.setVisibility', () => ({ revision: 2 }))
  studio.host.answer('object.setLock', () => ({ revision: 2 }))
  const row = mountStudio(ObjectRow, studio, { object: objectRecord(2) })
  for (const button of row.findAll('button.toggle')) await button.trigger('click')
  await settled()
  expect(studio.host.paramsOf('object.setVisibility')).toEqual([{ objectIds: [2], visible: false }])
  expect(studio.host.paramsOf('object.setLock')).toEqual([{ objectIds: [2], locked: true }])
  expect(useView().view.soloObjectIds).toEqual([2])
  expect(row.emitted('select')).toBeUndefined()
  expect(useSelection().objectId).toBe(1)
})

test('it says when the object is absent here: said by the person, or found empty', async () => {
  const studio = await openStudio(
    projectFixture({ presence: [{ id: 1, videoId: 1, objectId: 2, first: 3, last: 4, presence: 'absent' }] }),
  )
  const row = mountStudio(ObjectRow, studio, { object: objectRecord(2) })
  const says = (): boolean => row.text().includes('absent here')
  expect(says()).toBe(false)
  useSelection().goToFrame(3)
  await settled()
  expect(says()).toBe(true)
  useSelection().goToFrame(9)
  await settled()
  expect(says()).toBe(false)
  studio.host.emit('masks.updated', { revision: 2, masks: [maskRecord(2, 9, 0)] })
  await settled()
  expect(says()).toBe(true)
})
