import { watchDebounced } from '@vueuse/core'
import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { CommandResult } from '../../electron/contract/commands.ts'
import { useClient } from '../client/current-client.ts'
import { useMasks } from './masks.ts'
import { usePlayback } from './playback.ts'
import { useProject } from './project.ts'
import { usePrompting } from './prompting.ts'
import { useSelection } from './selection.ts'

type FrameInfo = CommandResult<'frame.info'>

const ASK_AFTER_MS = 80

/** Scores and state of the present frame, asked for when the playhead rests. */
export const useFrameInfo = defineStore('frameInfo', () => {
  const client = useClient()
  const project = useProject()
  const selection = useSelection()
  const masks = useMasks()
  const playback = usePlayback()
  const prompting = usePrompting()

  const info = shallowRef<FrameInfo | null>(null)
  let asked = 0

  watchDebounced(
    () => ({
      videoId: selection.videoId,
      frameIndex: selection.frameIndex,
      revision: project.revision,
      playing: playback.playing,
    }),
    async ({ videoId, frameIndex, playing }) => {
      const turn = ++asked
      if (videoId === null || playing || selection.video?.link === 'missing') {
        if (videoId === null) info.value = null
        return
      }
      const answer = await client.call('frame.info', { videoId, frameIndex }).catch(() => null)
      if (turn === asked) info.value = answer
      await prompting.loadOffer()
    },
    { debounce: ASK_AFTER_MS, immediate: true },
  )

  /** The selected object's scores here: from its mask, as soon as that is known. null when it has no mask here. */
  const scores = computed(() => {
    const { videoId, objectId, frameIndex } = selection
    if (videoId === null || objectId === null) return null
    const mask = masks.maskOf(videoId, objectId, frameIndex)
    return mask ?? null
  })

  return { info, scores }
})
