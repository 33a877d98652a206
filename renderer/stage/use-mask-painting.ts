import { onScopeDispose, shallowRef, watch } from 'vue'
import { channelsOf } from '../../electron/contract/palette.ts'
import type { RunLengthMask } from '../../electron/contract/mask.ts'
import { useMasks } from '../stores/masks.ts'
import { usePrompting } from '../stores/prompting.ts'
import { useSelection } from '../stores/selection.ts'
import { useView } from '../stores/view.ts'
import {
  columnMaskFromRuns,
  columnMaskRgba,
  emptyColumnMask,
  encodeColumnMask,
  paintPolygon,
  paintStroke,
  type ColumnMask,
} from './column-mask.ts'
import { runsOf, type PixelRect } from './mask-runs.ts'
import { pixelStretch, type PictureSize, type Point } from './view-transform.ts'

interface Painting {
  readonly mask: ColumnMask
  readonly canvas: HTMLCanvasElement
  readonly ink: readonly [number, number, number, number]
  readonly objectId: number | null
  readonly frameIndex: number
  /** Nothing was there to erase from. */
  readonly wasEmpty: boolean
}

/** A thinner brush would fall between pixel centres. */
const SMALLEST_RADIUS_PX = 0.75
const NEW_OBJECT_COLOUR = '#ffffff'

/** Radius of the brush in stored pixels along x and y, so that it is round as displayed. */
export function brushRadius(diameterPx: number, picture: PictureSize): Point {
  const stretch = pixelStretch(picture)
  const radius = Math.max(SMALLEST_RADIUS_PX, diameterPx / 2)
  return {
    x: Math.max(SMALLEST_RADIUS_PX, radius / stretch.x),
    y: Math.max(SMALLEST_RADIUS_PX, radius / stretch.y),
  }
}

/**
 * Painting on the mask of the selected object: it is unpacked for the stroke, shown on a canvas of its own as it
 * changes, and becomes the frame's mask prompt in one step when the stroke ends.
 */
export function useMaskPainting(onChanged: () => void) {
  const masks = useMasks()
  const prompting = usePrompting()
  const selection = useSelection()
  const view = useView()

  /** What is shown in place of the object's mask; stays until the answer is there. */
  const painting = shallowRef<Painting | null>(null)

  function begin(): Painting | null {
    const { video, videoId, objectId, object, frameIndex } = selection
    if (video === null || videoId === null) return null
    const before = painting.value
    // The stroke before may still wait for its answer: this one goes on from it.
    if (before !== null && before.objectId === objectId && before.frameIndex === frameIndex)
      return { ...before, wasEmpty: false }
    const stored = objectId === null ? null : masks.maskOf(videoId, objectId, frameIndex)
    const mask =
      stored == null
        ? emptyColumnMask(video.widthPx, video.heightPx)
        : columnMaskFromRuns(runsOf(stored.mask))
    const canvas = document.createElement('canvas')
    canvas.width = video.widthPx
    canvas.height = video.heightPx
    const opacity = view.view.mode === 'mattes' ? 1 : Math.max(0.25, view.view.fillOpacity)
    const ink = [...channelsOf(object?.colour ?? NEW_OBJECT_COLOUR), opacity * 255] as const
    const wasEmpty = stored == null || stored.areaPx === 0
    const begun = { mask, canvas, ink, objectId, frameIndex, wasEmpty }
    show(begun, { left: 0, top: 0, right: mask.widthPx, bottom: mask.heightPx })
    return begun
  }

  function show({ mask, canvas, ink }: Painting, rect: PixelRect): void {
    const rgba = columnMaskRgba(mask, rect, ink)
    const picture = new ImageData(rgba, rect.right - rect.left, rect.bottom - rect.top)
    canvas.getContext('2d')?.putImageData(picture, rect.left, rect.top)
    onChanged()
  }

  async function send(
    begun: Painting,
    mask: RunLengthMask,
    origin: 'brush' | 'eraser' | 'lasso',
  ): Promise<void> {
    if (selection.frameIndex !== begun.frameIndex || selection.objectId !== begun.objectId) {
      drop()
      return
    }
    await prompting.setMask(mask, origin)
    // A newer stroke may have begun meanwhile.
    if (painting.value === begun) drop()
  }

  function drop(): void {
    painting.value = null
    onChanged()
  }

  function beginStroke(): void {
    painting.value = begin()
  }

  function stroke(from: Point, to: Point, value: 0 | 1): void {
    const begun = painting.value
    if (begun === null || selection.video === null) return
    const rect = paintStroke(begun.mask, from, to, brushRadius(selection.brushSizePx, selection.video), value)
    if (rect !== null) show(begun, rect)
  }

  async function endStroke(value: 0 | 1): Promise<void> {
    const begun = painting.value
    if (begun === null) return
    if (value === 0 && begun.wasEmpty) drop()
    else await send(begun, encodeColumnMask(begun.mask), value === 1 ? 'brush' : 'eraser')
  }

  async function lasso(corners: readonly Point[], value: 0 | 1): Promise<void> {
    const begun = begin()
    if (begun === null || (value === 0 && begun.wasEmpty)) return
    const rect = paintPolygon(begun.mask, corners, value)
    if (rect === null) return
    painting.value = begun
    show(begun, rect)
    await send(begun, encodeColumnMask(begun.mask), 'lasso')
  }

  // What is painted belongs to a frame of an object; elsewhere it must not be seen.
  watch(() => [selection.videoId, selection.frameIndex], drop)
  onScopeDispose(() => {
    painting.value = null
  })

  return { painting, beginStroke, stroke, endStroke, lasso, drop }
}
