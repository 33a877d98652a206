// @vitest-environment happy-dom
import { expect, test } from 'vitest'
import { buttonCalled, mountStudio, onPage } from '../testing/mount-studio.ts'
import { openStudio } from '../testing/open-studio.ts'
import { settled } from '../testing/scripted-host.ts'
import { unmountAfterEach } from '../testing/unmount-after-each.ts'
import TrackingPage from './tracking-page.vue'

unmountAfterEach()

const isOn = (name: string): boolean =>
  buttonCalled(name).dataset['state'] !== 'unchecked' && buttonCalled(name).dataset['state'] !== 'off'

test('with the reference rules what they do not have is off and cannot be switched; choices come back', async () => {
  const studio = await openStudio()
  mountStudio(TrackingPage, studio)
  const before = studio.settings()
  const switches = ['Look closer at small objects', 'Find shot cuts', 'Objects do not overlap']
  expect([...switches, 'Selective'].map(isOn)).toEqual([true, true, false, true])

  buttonCalled('Reference').click()
  await settled()
  const all = [...switches, 'Selective', 'As SAM 2']
  expect(all.map((name) => buttonCalled(name).disabled)).toEqual(all.map(() => true))
  expect(all.map(isOn)).toEqual([false, false, false, false, true])
  expect(onPage('.note').filter(({ textContent }) => textContent.includes('reference rules'))).toHaveLength(4)

  buttonCalled('Maskwright').click()
  await settled()
  expect(studio.settings()).toEqual(before)
  expect(all.map((name) => buttonCalled(name).disabled)).toEqual(all.map(() => false))
  expect([...switches, 'Selective'].map(isOn)).toEqual([true, true, false, true])
})
