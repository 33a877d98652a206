import { onScopeDispose, shallowRef, watch } from 'vue'
import { channelsOf } from '../../electron/contract/palette.ts'
import type { RunLengthMask } from '../../electron/contract/mask.ts'
import { useMasks } from '../stores/masks.ts'
import { usePrompting } from '../stores/prompting.ts'
import { useProject } from '../stores/project.ts'
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

/** Changes part of a mask; answers which, or null where it misses the picture. */
type MaskEdit = (mask: ColumnMask) => PixelRect | null

interface Painting {
  /** What is seen: tidied as the object's clean-up says, with the strokes on it. */
  readonly mask: ColumnMask
  /** The mask as it is stored, which takes the strokes, too: clean-up must not get into it. null when it cannot be had. */
  readonly stored: Promise<ColumnMask | null>
  /** What the stored mask has not taken yet. */
  readonly edits: MaskEdit[]
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
  const project = useProject()
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
    const underneath = objectId === null || stored === null ? null : { videoId, objectId, frameIndex }
    const begun = {
      mask,
      stored: storedMask(underneath),
      edits: [],
      canvas,
      ink,
      objectId,
      frameIndex,
      wasEmpty,
    }
    show(begun, { left: 0, top: 0, right: mask.widthPx, bottom: mask.heightPx })
    return begun
  }

  /** @param place null where there is none */
  async function storedMask(
    place: { videoId: number; objectId: number; frameIndex: number } | null,
  ): Promise<ColumnMask | null> {
    const { widthPx, heightPx } = selection.video!
    if (place === null) return emptyColumnMask(widthPx, heightPx)
    const { videoId, objectId, frameIndex } = place
    const span = { first: frameIndex, last: frameIndex }
    const answer = await project.call('masks.get', { videoId, objectIds: [objectId], span, cleaned: false })
    if (answer === null) return null
    const [found] = answer.masks
    return found === undefined ? emptyColumnMask(widthPx, heightPx) : columnMaskFromRuns(runsOf(found.mask))
  }

  function paint(begun: Painting, edit: MaskEdit): PixelRect | null {
    const rect = edit(begun.mask)
    if (rect !== null) {
      begun.edits.push(edit)
      show(begun, rect)
    }
    return rect
  }

  function show({ mask, canvas, ink }: Painting, rect: PixelRect): void {
    const rgba = columnMaskRgba(mask, rect, ink)
    const picture = new ImageData(rgba, rect.right - rect.left, rect.bottom - rect.top)
    canvas.getContext('2d')?.putImageData(picture, rect.left, rect.top)
    onChanged()
  }

  async function send(begun: Painting, origin: 'brush' | 'eraser' | 'lasso'): Promise<void> {
    // Without an object the first stroke makes one, which may be there by now.
    const isOther = begun.objectId !== null && selection.objectId !== begun.objectId
    if (selection.frameIndex !== begun.frameIndex || isOther) {
      drop()
      return
    }
    await prompting.setMask(finished(begun), origin)
    // A newer stroke may have begun meanwhile.
    if (painting.value === begun) drop()
  }

  /** The stored mask with the strokes made so far on it; null when it cannot be had. */
  async function finished({ stored, edits }: Painting): Promise<RunLengthMask | null> {
    // Those of a newer stroke, which may begin meanwhile, are not among them.
    const made = edits.splice(0)
    const mask = await stored
    if (mask === null) return null
    for (const edit of made) edit(mask)
    return encodeColumnMask(mask)
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
    const radius = brushRadius(selection.brushSizePx, selection.video)
    paint(begun, (mask) => paintStroke(mask, from, to, radius, value))
  }

  async function endStroke(value: 0 | 1): Promise<void> {
    const begun = painting.value
    if (begun === null) return
    if (value === 0 && begun.wasEmpty) drop()
    else await send(begun, value === 1 ? 'brush' : 'eraser')
  }

  async function lasso(corners: readonly Point[], value: 0 | 1): Promise<void> {
    const begun = begin()
    if (begun === null || (value === 0 && begun.wasEmpty)) return
    if (paint(begun, (mask) => paintPolygon(mask, corners, value)) === null) return
    painting.value = begun
    await send(begun, 'lasso')
  }

  // What is painted belongs to a frame of an object; elsewhere it must not be seen.
  watch(() => [selection.videoId, selection.frameIndex], drop)
  onScopeDispose(() => {
    painting.value = null
  })

  return { painting, beginStroke, stroke, endStroke, lasso, drop }
}
