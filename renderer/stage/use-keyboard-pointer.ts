import { computed, shallowRef, watch } from 'vue'
import { usePrompting } from '../stores/prompting.ts'
import { useSelection } from '../stores/selection.ts'
import type { StageView } from './use-stage-view.ts'
import { pixelAt, toStage, type Point } from './view-transform.ts'

const ARROWS: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
}
/** How far an arrow key goes on the screen; with Shift it is one source pixel. */
const STRIDE_PX = 12

/**
 * Pointing without a mouse: Enter on the focused stage shows a crosshair, the arrow keys move it, Enter adds a point and
 * Escape ends it. While it is there these keys belong to it and not to the film.
 */
export function useKeyboardPointer(stageView: StageView, onPick: (pixel: Point) => void) {
  const prompting = usePrompting()
  const selection = useSelection()

  /** Source pixel; null while the keys are the film's. */
  const pixel = shallowRef<Point | null>(null)

  const place = computed(() => {
    const scene = stageView.scene.value
    if (scene === null || pixel.value === null) return null
    return toStage(scene.transform, { x: pixel.value.x + 0.5, y: pixel.value.y + 0.5 })
  })

  function onKeyDown(event: KeyboardEvent): void {
    const scene = stageView.scene.value
    if (scene === null || event.ctrlKey || event.metaKey) return
    const at = pixel.value
    if (at === null) {
      if (event.key !== 'Enter') return
      const middle = { x: scene.picture.widthPx / 2, y: scene.picture.heightPx / 2 }
      pixel.value = pixelAt(middle, scene.picture)
    } else if (event.key === 'Escape') pixel.value = null
    else if (event.key === 'Enter') {
      if (selection.tool === 'select') onPick(at)
      else void prompting.addPoint({ ...at, label: event.altKey ? 0 : 1 })
    } else {
      const arrow = ARROWS[event.key]
      if (arrow === undefined) return
      const strideX = event.shiftKey ? 1 : Math.max(1, STRIDE_PX / scene.transform.scaleX)
      const strideY = event.shiftKey ? 1 : Math.max(1, STRIDE_PX / scene.transform.scaleY)
      pixel.value = pixelAt(
        { x: at.x + arrow.x * strideX + 0.5, y: at.y + arrow.y * strideY + 0.5 },
        scene.picture,
      )
    }
    event.preventDefault()
    event.stopPropagation()
  }

  function end(): void {
    pixel.value = null
  }

  watch(() => selection.videoId, end)

  return { pixel, place, onKeyDown, end }
}
