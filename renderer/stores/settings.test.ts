// @vitest-environment happy-dom
import { expect, test } from 'vitest'
import { UserFacingError } from '../../electron/contract/errors.ts'
import { openStudio } from '../testing/open-studio.ts'
import { settled } from '../testing/scripted-host.ts'
import { useNotices } from './notices.ts'
import { useSettings } from './settings.ts'

test('a change shows at once and is stored', async () => {
  const { settings } = await openStudio()
  const store = useSettings()
  const storing = store.patch({ theme: 'light' })
  expect(store.settings.theme).toBe('light')
  await storing
  await settled()
  expect(settings().theme).toBe('light')
  expect(document.documentElement.dataset['theme']).toBe('light')
})

test('a change that cannot be stored is taken back, and said', async () => {
  const { host } = await openStudio()
  host.answer('settings.set', () => {
    throw new UserFacingError('SettingsNotSaved', 'The settings could not be saved.')
  })
  const store = useSettings()
  await store.patch({ fillOpacity: 0.9 })
  expect(store.settings.fillOpacity).toBe(0.42)
  expect(useNotices().shown[0]?.code).toBe('SettingsNotSaved')
})

test('a hint is marked as seen once', async () => {
  const { host, settings } = await openStudio()
  const store = useSettings()
  await store.markHintSeen('click')
  await store.markHintSeen('click')
  expect(settings().hintsSeen).toEqual(['click'])
  expect(host.paramsOf('settings.set')).toHaveLength(1)
})
