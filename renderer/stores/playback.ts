import { defineStore } from 'pinia'
import { shallowRef, watch } from 'vue'
import { useProject } from './project.ts'
import { useSelection } from './selection.ts'

const RATES = [0.1, 0.25, 0.5, 1, 1.5, 2, 4, 8] as const

/**
 * Whether and how the film runs. The stage drives it: while `playing` it walks the presentation times and sets the
 * selection's frame, leaving pictures out where it must, and calls `pause` at the end.
 */
export const usePlayback = defineStore('playback', () => {
  const project = useProject()
  const selection = useSelection()

  const playing = shallowRef(false)
  /** Times source speed. */
  const rate = shallowRef(1)
  /** Between the in and out markers. */
  const loop = shallowRef(false)
  /** Pictures left out since playing began; set by the stage. */
  const droppedPictures = shallowRef(0)

  function play(): void {
    if (selection.video === null) return
    const { first, last } = selection.markedSpan
    const atEnd = selection.frameIndex >= selection.lastFrame
    const outside = selection.frameIndex < first || selection.frameIndex >= last
    if (atEnd || (loop.value && outside)) selection.goToFrame(loop.value ? first : 0)
    droppedPictures.value = 0
    playing.value = true
  }

  function pause(): void {
    playing.value = false
  }

  /** The next faster (1) or slower (-1) of the usual rates. */
  function stepRate(direction: 1 | -1): void {
    const next =
      direction === 1
        ? RATES.find((candidate) => candidate > rate.value)
        : RATES.findLast((candidate) => candidate < rate.value)
    if (next !== undefined) rate.value = next
  }

  let openProjectId: string | null = null
  project.onOpened((opened) => {
    if (opened?.projectId !== openProjectId) {
      pause()
      rate.value = opened?.view.playbackRate ?? 1
      loop.value = opened?.view.loop ?? false
    }
    openProjectId = opened?.projectId ?? null
  })
  watch(() => selection.videoId, pause)

  return {
    playing,
    rate,
    loop,
    droppedPictures,
    play,
    pause,
    toggle: () => {
      if (playing.value) pause()
      else play()
    },
    stepRate,
  }
})
