import { watchDebounced } from '@vueuse/core'
import { defineStore } from 'pinia'
import { computed, reactive, shallowRef, watch } from 'vue'
import { DEFAULT_VIEW, type View } from '../../electron/contract/project.ts'
import { useClient } from '../client/current-client.ts'
import { usePlayback } from './playback.ts'
import { useProject } from './project.ts'
import { useSelection } from './selection.ts'

/** What this store leads of the stored view; the rest is led by selection and playback. */
export type StageView = Pick<
  View,
  | 'mode'
  | 'fillOpacity'
  | 'outline'
  | 'zoom'
  | 'centreX'
  | 'centreY'
  | 'timelineFirst'
  | 'timelineLast'
  | 'soloObjectIds'
>

const SAVE_AFTER_MS = 600

function stageView(view: View): StageView {
  const { mode, fillOpacity, outline, zoom, centreX, centreY, timelineFirst, timelineLast, soloObjectIds } =
    view
  return { mode, fillOpacity, outline, zoom, centreX, centreY, timelineFirst, timelineLast, soloObjectIds }
}

/** How the person looks at the project: stage, overlays, stretch of the timeline. Stored with it, but not undone. */
export const useView = defineStore('view', () => {
  const client = useClient()
  const project = useProject()
  const selection = useSelection()
  const playback = usePlayback()

  const view = reactive<StageView>(stageView(DEFAULT_VIEW))
  /** Screen pixels per source pixel as the stage last drew it, also while it fits the picture. Set by the stage. */
  const shownZoom = shallowRef(1)

  /** Whether an object's masks are shown. */
  const shownObjectIds = computed(() => {
    const solo = new Set(view.soloObjectIds.filter((id) => project.records.objects.has(id)))
    return new Set(
      project.objects
        .filter((object) => (solo.size > 0 ? solo.has(object.id) : object.visible))
        .map((object) => object.id),
    )
  })

  function set(patch: Partial<StageView>): void {
    Object.assign(view, patch)
  }

  function toggleSolo(objectId: number): void {
    const others = view.soloObjectIds.filter((id) => id !== objectId)
    set({ soloObjectIds: others.length < view.soloObjectIds.length ? others : [...others, objectId] })
  }

  const whole = computed<View>(() => ({
    ...view,
    videoId: selection.videoId,
    frameIndex: selection.frameIndex,
    selectedObjectIds: [...selection.selectedObjectIds],
    playbackRate: playback.rate,
    loop: playback.loop,
  }))

  // A place in one picture says nothing of another. A project that is opened brings its own view after this.
  watch(
    () => selection.videoId,
    () => {
      set({ zoom: null })
    },
    { flush: 'sync' },
  )

  let openProjectId: string | null = null
  project.onOpened((opened) => {
    if (opened !== null && opened.projectId !== openProjectId) set(stageView(opened.view))
    openProjectId = opened?.projectId ?? null
  })

  watchDebounced(
    () => JSON.stringify(whole.value),
    () => {
      // A view that could not be stored is no loss worth a notice.
      if (project.isOpen && !playback.playing)
        client.call('view.set', { view: whole.value }).catch(() => undefined)
    },
    { debounce: SAVE_AFTER_MS },
  )

  return { view, shownZoom, shownObjectIds, set, toggleSolo }
})
