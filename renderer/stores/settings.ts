import { usePreferredDark } from '@vueuse/core'
import { defineStore } from 'pinia'
import { computed, shallowRef, watchEffect } from 'vue'
import {
  DEFAULT_SETTINGS,
  type Settings,
  type SettingsPatch,
  type SettingsPlaces,
} from '../../electron/contract/settings.ts'
import { useClient } from '../client/current-client.ts'
import { useNotices } from './notices.ts'

/** Settings as the engine keeps them; a change shows at once and is taken back if it could not be stored. */
export const useSettings = defineStore('settings', () => {
  const client = useClient()
  const notices = useNotices()

  const settings = shallowRef<Settings>(DEFAULT_SETTINGS)
  /** As the engine last said that it holds them. */
  const stored = shallowRef<Settings>(DEFAULT_SETTINGS)
  const places = shallowRef<SettingsPlaces>({ modelsFolder: '', ffmpegProgram: null })
  const loaded = shallowRef(false)

  function take(answer: { settings: Settings; places: SettingsPlaces }): void {
    settings.value = answer.settings
    stored.value = answer.settings
    places.value = answer.places
    loaded.value = true
  }

  async function patch(changes: SettingsPatch): Promise<void> {
    const before = settings.value
    settings.value = { ...before, ...(changes as Partial<Settings>) }
    try {
      take(await client.call('settings.set', { patch: changes }))
    } catch (error) {
      settings.value = before
      notices.addError(error)
    }
  }

  /** Puts a chosen file or folder in place, or the app's own again with null. */
  async function setPlace(place: 'modelsFolder' | 'ffmpegProgram', fileToken: string | null): Promise<void> {
    const answer = await notices.attempt(() => client.call('settings.setPlace', { place, fileToken }))
    if (answer !== null) take(answer)
  }

  client.on('settings.changed', take)
  client.onState((state) => {
    if (state === 'open')
      void notices.attempt(() => client.call('settings.get', {})).then((got) => got && take(got))
  })

  const prefersDark = usePreferredDark()
  const theme = computed(() =>
    settings.value.theme === 'system' ? (prefersDark.value ? 'dark' : 'light') : settings.value.theme,
  )
  watchEffect(() => {
    document.documentElement.dataset['theme'] = theme.value
  })

  /** Marks a hint as seen, so that it is not shown again. */
  async function markHintSeen(hint: string): Promise<void> {
    if (!settings.value.hintsSeen.includes(hint))
      await patch({ hintsSeen: [...settings.value.hintsSeen, hint] })
  }

  return { settings, stored, places, loaded, theme, patch, setPlace, markHintSeen }
})
