import { useDevicePixelRatio, useElementSize } from '@vueuse/core'
import { computed, watchEffect, type ComputedRef, type Ref } from 'vue'
import { useSelection } from '../stores/selection.ts'
import { useView } from '../stores/view.ts'
import { stagePanes, type StagePane } from './stage-panes.ts'
import type { SceneView } from './stage-scene.ts'
import {
  actualSize,
  panBy,
  shownZoom,
  toSource,
  viewTransform,
  zoomAt,
  type Point,
  type ViewChoice,
} from './view-transform.ts'

export interface StageView {
  /** null while there is no video or the stage has no size. */
  readonly scene: ComputedRef<SceneView | null>
  /** The pane that prompts are drawn in. */
  readonly pane: ComputedRef<StagePane>
  zoomAt(place: Point, factor: number): void
  panBy(delta: Point): void
  /** From the fitted picture to 1:1 about a place, and back. */
  toggleActualSize(place: Point | null): void
}

/** How the picture lies on the stage: follows the element's size, the screen and the stored view. */
export function useStageView(element: Ref<HTMLElement | null>): StageView {
  const selection = useSelection()
  const view = useView()
  const { width, height } = useElementSize(element)
  const { pixelRatio } = useDevicePixelRatio()

  const stage = computed(() => ({
    widthPx: Math.max(1, Math.floor(width.value)),
    heightPx: Math.max(1, Math.floor(height.value)),
    pixelRatio: pixelRatio.value,
  }))
  const pane = computed(() => {
    const panes = stagePanes(stage.value, view.view.mode)
    return panes[panes.length - 1]!
  })
  const choice = computed<ViewChoice>(() => ({
    zoom: view.view.zoom,
    centreX: view.view.centreX,
    centreY: view.view.centreY,
  }))
  const scene = computed<SceneView | null>(() => {
    const picture = selection.video
    if (picture === null || stage.value.widthPx < 8 || stage.value.heightPx < 8) return null
    return {
      stage: stage.value,
      mode: view.view.mode,
      picture,
      transform: viewTransform(choice.value, picture, pane.value),
    }
  })
  watchEffect(() => {
    if (scene.value !== null) view.shownZoom = shownZoom(scene.value.transform, pane.value)
  })

  function change(
    next: (picture: SceneView['picture'], transform: SceneView['transform']) => ViewChoice,
  ): void {
    if (scene.value !== null) view.set(next(scene.value.picture, scene.value.transform))
  }

  return {
    scene,
    pane,
    zoomAt: (place, factor) => {
      change((picture) => zoomAt(choice.value, picture, pane.value, place, factor))
    },
    panBy: (delta) => {
      change((picture) => panBy(choice.value, picture, pane.value, delta))
    },
    toggleActualSize: (place) => {
      if (view.view.zoom !== null) view.set({ zoom: null })
      else {
        change((picture, transform) => {
          const middle = { x: picture.widthPx / 2, y: picture.heightPx / 2 }
          return actualSize(picture, place === null ? middle : toSource(transform, place))
        })
      }
    },
  }
}
