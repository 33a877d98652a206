import { computed, shallowRef, watch, type Ref } from 'vue'
import { usePlayback } from '../stores/playback.ts'
import { useSelection } from '../stores/selection.ts'
import { useView } from '../stores/view.ts'
import {
  revealFrame,
  scrollRange,
  timeScale,
  visibleFrames,
  zoomRange,
  type FrameRange,
} from './time-scale.ts'

/** The stretch of the film that the timeline shows; stored with the view in whole frames, here with fractions. */
export function useTimelineRange(widthPx: Ref<number>) {
  const playback = usePlayback()
  const selection = useSelection()
  const view = useView()

  const frameCount = computed(() => selection.video?.frameCount ?? 1)
  const range = shallowRef<FrameRange>({ first: 0, end: 1 })
  const scale = computed(() => timeScale(range.value, widthPx.value))
  let written = ''

  function stored(): { timelineFirst: number; timelineLast: number | null } {
    const { timelineFirst, timelineLast } = view.view
    return { timelineFirst, timelineLast }
  }

  function set(next: FrameRange): void {
    range.value = next
    const isWhole = next.end - next.first >= frameCount.value
    const patch = isWhole
      ? { timelineFirst: 0, timelineLast: null }
      : { timelineFirst: Math.round(next.first), timelineLast: Math.max(0, Math.round(next.end) - 1) }
    written = JSON.stringify(patch)
    view.set(patch)
  }

  // Somebody else chose a stretch: another project or video was opened, or the whole film was asked for.
  watch(
    () => [stored(), selection.videoId, frameCount.value] as const,
    ([view, videoId], before) => {
      const isOtherVideo = before !== undefined && before[1] !== null && before[1] !== videoId
      if (JSON.stringify(view) === written && !isOtherVideo && range.value.end <= frameCount.value) return
      const last = Math.min(frameCount.value - 1, view.timelineLast ?? Infinity)
      const first = Math.min(view.timelineFirst, last)
      if (isOtherVideo || view.timelineLast === null) set({ first: 0, end: frameCount.value })
      else set({ first, end: last + 1 })
    },
    { immediate: true },
  )

  let isHeld = false
  watch(
    () => selection.frameIndex,
    (frameIndex) => {
      if (isHeld) return
      const seen = visibleFrames(scale.value, frameCount.value)
      if (playback.playing) {
        // The film turns the page instead of pushing it on with every frame.
        if (frameIndex < seen.first || frameIndex > seen.last) {
          const count = range.value.end - range.value.first
          const first = Math.max(0, Math.min(frameCount.value - count, frameIndex))
          set({ first, end: first + count })
        }
        return
      }
      const revealed = revealFrame(range.value, frameIndex, frameCount.value)
      if (revealed !== range.value) set(revealed)
    },
  )

  return {
    frameCount,
    range,
    scale,
    set,
    zoomAt: (x: number, factor: number): void => {
      set(zoomRange(scale.value, x, factor, frameCount.value))
    },
    scrollBy: (px: number): void => {
      set(scrollRange(scale.value, px, frameCount.value))
    },
    /** While the playhead is dragged the film must not move under it. */
    hold: (held: boolean): void => {
      isHeld = held
    },
  }
}
