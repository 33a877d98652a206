import { watch, type ComputedRef, type ShallowRef } from 'vue'
import { useSelection } from '../stores/selection.ts'
import { FramePresenter } from './frame-presenter.ts'
import type { StagePane } from './stage-panes.ts'
import type { SceneView, StageScene } from './stage-scene.ts'
import { useFrames } from './use-frames.ts'
import { useOverlay } from './use-overlay.ts'

/** Picture and masks of the stage, always of the same frame, in whatever order they come. */
export function useStagePicture(
  scene: ComputedRef<SceneView | null>,
  pane: ComputedRef<StagePane>,
  /** null until the stage's element is there. */
  konva: ShallowRef<StageScene | null>,
) {
  const selection = useSelection()
  let frames: ReturnType<typeof useFrames> | null = null

  const overlay = useOverlay(scene, pane, (painted) => {
    if (painted.job.videoId === selection.videoId) presenter.painted(painted)
  })
  const presenter = new FramePresenter<ImageBitmap>({
    pictureOf: (frameIndex) => (konva.value === null ? null : (frames?.pictureOf(frameIndex) ?? null)),
    overlayOf: overlay.overlayOf,
    paint: overlay.paint,
    present: (frameIndex, picture, painted) => {
      frames?.presented(frameIndex)
      konva.value?.setPicture(picture)
      konva.value?.setOverlay(painted)
    },
    setPicture: (frameIndex, picture) => {
      frames?.presented(frameIndex)
      konva.value?.setPicture(picture)
    },
    setOverlay: (painted) => konva.value?.setOverlay(painted),
  })
  const supplied = useFrames({
    scene,
    want: (frameIndex) => {
      presenter.want(frameIndex)
    },
    refresh: () => {
      presenter.refresh()
    },
    reset: () => {
      presenter.reset()
      konva.value?.setPicture(null)
      konva.value?.setOverlay(null)
    },
  })
  frames = supplied

  watch([overlay.look, konva], () => {
    presenter.refresh()
  })

  return {
    shownFrame: supplied.shownFrame,
    failed: supplied.failed,
    preview: overlay.preview,
    paintedObjectId: overlay.paintedObjectId,
  }
}
