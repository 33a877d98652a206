import { computed, onScopeDispose, shallowRef, watch, type ComputedRef } from 'vue'
import type { RunLengthMask } from '../../electron/contract/mask.ts'
import { useMasks } from '../stores/masks.ts'
import { usePlayback } from '../stores/playback.ts'
import { useProject } from '../stores/project.ts'
import { useSelection } from '../stores/selection.ts'
import { useView } from '../stores/view.ts'
import type { KeyedWish } from './frame-presenter.ts'
import { OverlayPainter, type PaintedOverlay } from './overlay-painter.ts'
import { overlayWish } from './overlay-wish.ts'
import type { StagePane } from './stage-panes.ts'
import type { SceneView } from './stage-scene.ts'

export interface MaskPreview {
  readonly objectId: number | null
  readonly mask: RunLengthMask
}

const KEPT_BYTES = 96 * 1_048_576
/** Masks are asked for in stretches of so many frames. */
const STRETCH_FRAMES = 32

/** The masks of the stage: sees to it that they are known and has them painted in a worker. */
export function useOverlay(
  scene: ComputedRef<SceneView | null>,
  pane: ComputedRef<StagePane>,
  onPainted: (overlay: PaintedOverlay) => void,
) {
  const masks = useMasks()
  const playback = usePlayback()
  const project = useProject()
  const selection = useSelection()
  const view = useView()

  /** A mask that a click would give. */
  const preview = shallowRef<MaskPreview | null>(null)
  /** The object under the brush; its mask is drawn by whoever paints. */
  const paintedObjectId = shallowRef<number | null>(null)

  const worker = new Worker(new URL('./overlay-worker.ts', import.meta.url), { type: 'module' })
  const painter = new OverlayPainter(worker, KEPT_BYTES, onPainted)
  onScopeDispose(() => {
    painter.close()
  })

  function overlayOf(frameIndex: number): KeyedWish | null {
    if (scene.value === null || selection.videoId === null) return null
    const isHere = frameIndex === selection.frameIndex
    return overlayWish({
      videoId: selection.videoId,
      frameIndex,
      masks: masks.masksOf(selection.videoId, frameIndex),
      objects: project.objects,
      shownObjectIds: view.shownObjectIds,
      selectedObjectId: selection.objectId,
      view: view.view,
      preview: isHere ? preview.value : null,
      paintedObjectId: isHere ? paintedObjectId.value : null,
      transform: scene.value.transform,
      pane: pane.value,
    })
  }

  watch(
    () =>
      [
        selection.video?.link === 'missing' ? null : selection.videoId,
        Math.floor(selection.frameIndex / STRETCH_FRAMES),
        playback.playing,
        selection.videoId === null ? 0 : masks.generationOf(selection.videoId),
      ] as const,
    ([videoId, stretch, playing]) => {
      if (videoId === null) return
      for (const index of playing ? [stretch, stretch + 1] : [stretch]) {
        const first = index * STRETCH_FRAMES
        const last = Math.min(selection.lastFrame, first + STRETCH_FRAMES - 1)
        if (first <= last) void masks.ensure(videoId, { first, last })
      }
    },
    { immediate: true },
  )

  /** Changes whenever an overlay may look another way. */
  const look = computed(() => [
    scene.value,
    selection.videoId === null ? 0 : masks.generationOf(selection.videoId),
    project.objects,
    view.shownObjectIds,
    selection.objectId,
    view.view.fillOpacity,
    view.view.outline,
    preview.value,
    paintedObjectId.value,
  ])

  return {
    preview,
    paintedObjectId,
    look,
    overlayOf,
    paint: ({ key, wish }: KeyedWish): void => {
      painter.paint(key, wish)
    },
  }
}
