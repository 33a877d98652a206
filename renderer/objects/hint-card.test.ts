// @vitest-environment happy-dom
import { flushPromises } from '@vue/test-utils'
import { expect, test } from 'vitest'
import { pointRecord, projectFixture } from '../testing/project-fixture.ts'
import { mountStudio } from '../testing/mount-studio.ts'
import { openStudio } from '../testing/open-studio.ts'
import { useActions } from '../actions/action-table.ts'
import HintCard from './hint-card.vue'
import { unmountAfterEach } from '../testing/unmount-after-each.ts'

unmountAfterEach()

test('one hint at a time; each goes when it was followed or put away', async () => {
  const studio = await openStudio(projectFixture({ prompts: [] }))
  const card = mountStudio(HintCard, studio)
  expect(card.text()).toContain('Click the object')
  studio.change([{ collection: 'prompts', put: [pointRecord(5, 1, 0)], remove: [] }])
  await flushPromises()
  expect(studio.settings().hintsSeen).toEqual(['click'])
  expect(card.text()).toContain('Is too much in the mask')
  await card.find('button').trigger('click')
  await flushPromises()
  // More than one object is there already, so the hint about a second one is not needed.
  expect(studio.settings().hintsSeen).toEqual(['click', 'takeAway', 'second'])
  expect(card.findAll('b').map((key) => key.text())).toEqual(['T'])
})

test('keys in hints are those of the person', async () => {
  const studio = await openStudio()
  await useActions().rebind('track.start', 'KeyQ')
  const card = mountStudio(HintCard, studio)
  await flushPromises()
  await card.find('button').trigger('click')
  await flushPromises()
  expect(card.findAll('b').map((key) => key.text())).toEqual(['Q'])
})

test('who wants no hints gets none', async () => {
  const studio = await openStudio()
  studio.host.emit('settings.changed', {
    settings: { ...studio.settings(), showHints: false },
    places: { modelsFolder: '', ffmpegProgram: null },
  })
  expect(mountStudio(HintCard, studio).text()).toBe('')
})
