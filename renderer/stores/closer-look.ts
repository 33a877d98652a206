import { watchDebounced } from '@vueuse/core'
import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { Box } from '../../electron/contract/prompts.ts'
import { useClient } from '../client/current-client.ts'
import { useConnection } from './connection.ts'
import { usePlayback } from './playback.ts'
import { useProject } from './project.ts'
import { useSelection } from './selection.ts'
import { useSettings } from './settings.ts'

/** Whoever goes fast through the film is shown it where he stops, and tracking changes the project often. */
const REST_MS = 80
const LONGEST_WAIT_MS = 400

/** The part of the frame at hand in which the model looks at the selected object. */
export const useCloserLook = defineStore('closerLook', () => {
  const client = useClient()
  const connection = useConnection()
  const playback = usePlayback()
  const project = useProject()
  const selection = useSelection()
  const settings = useSettings()

  const known = shallowRef<{ videoId: number; objectId: number; view: Box | null } | null>(null)
  let newest = 0

  watchDebounced(
    () =>
      [
        selection.videoId,
        selection.objectId,
        selection.frameIndex,
        project.revision,
        connection.isReady,
        playback.playing,
        settings.settings,
      ] as const,
    async ([videoId, objectId, frameIndex, , isReady, isPlaying]) => {
      const number = ++newest
      if (videoId === null || objectId === null || !isReady || isPlaying) return
      // One that cannot be had is asked for again with the next change.
      const answer = await client.call('frame.view', { videoId, objectId, frameIndex }).catch(() => null)
      if (number === newest) known.value = answer && { videoId, objectId, view: answer.view }
    },
    { debounce: REST_MS, maxWait: LONGEST_WAIT_MS, immediate: true },
  )

  return {
    /** In source pixels; null for the whole frame. From one frame to the next the last one stays until the new one comes. */
    view: computed(() => {
      const isOfSelected =
        known.value?.videoId === selection.videoId && known.value?.objectId === selection.objectId
      return isOfSelected && !playback.playing ? (known.value?.view ?? null) : null
    }),
  }
})
