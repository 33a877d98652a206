import { channelsOf } from '../../electron/contract/palette.ts'
import type { RunLengthMask } from '../../electron/contract/mask.ts'
import type { TrackedObject, View } from '../../electron/contract/project.ts'
import type { FrameMask } from '../../electron/contract/tracking.ts'
import type { KeyedWish } from './frame-presenter.ts'
import type { OverlayMask } from './overlay-job.ts'
import type { ViewTransform, Viewport } from './view-transform.ts'

/** All that the look of the masks of a frame follows from. */
export interface OverlayLook {
  readonly videoId: number
  readonly frameIndex: number
  /** Masks known of the frame. */
  readonly masks: readonly FrameMask[]
  /** All objects, in the order in which they lie over one another. */
  readonly objects: readonly TrackedObject[]
  readonly shownObjectIds: ReadonlySet<number>
  readonly selectedObjectId: number | null
  readonly view: Pick<View, 'mode' | 'fillOpacity' | 'outline'>
  /** A mask that a click would give, in place of the object's; without an object it is drawn in white. */
  readonly preview: { readonly objectId: number | null; readonly mask: RunLengthMask } | null
  /** The object under the brush is drawn elsewhere. */
  readonly paintedObjectId: number | null
  readonly transform: ViewTransform
  readonly pane: Viewport
}

const WHITE = '#ffffff'

/** The overlay for a look; null when nothing is to be drawn. */
export function overlayWish(look: OverlayLook): KeyedWish | null {
  const { preview, view } = look
  const byObject = new Map(look.masks.map((mask) => [mask.objectId, mask]))
  const shown = look.objects.filter(
    ({ id }) =>
      look.shownObjectIds.has(id) &&
      id !== look.paintedObjectId &&
      (preview?.objectId === id || (byObject.get(id)?.areaPx ?? 0) > 0),
  )
  // One matte alone is white on black, as it is exported; several keep their colours to be told apart.
  const isLoneMatte = view.mode === 'mattes' && shown.length === 1
  const masks: OverlayMask[] = []
  const keys: string[] = []
  const add = (mask: OverlayMask): void => {
    masks.push(mask)
    const { counts } = mask.mask
    keys.push(
      `${identityOf(mask.mask)}/${counts.length}/${mask.colour.join()}/${mask.fillOpacity}/${mask.outline}`,
    )
  }
  for (const object of shown) {
    const isPreview = preview?.objectId === object.id
    const stored = byObject.get(object.id)
    const mask = isPreview ? preview.mask : stored?.mask
    if (mask === undefined) continue
    add({
      mask,
      colour: channelsOf(isLoneMatte ? WHITE : object.colour),
      fillOpacity: view.mode === 'mattes' ? 1 : view.fillOpacity,
      outline: isPreview ? 'preview' : outlineOf(look, object.id, stored?.stale ?? false),
    })
  }
  if (preview !== null && preview.objectId === null) {
    add({ mask: preview.mask, colour: channelsOf(WHITE), fillOpacity: 0.3, outline: 'preview' })
  }
  if (masks.length === 0) return null
  const { videoId, frameIndex, transform, pane } = look
  const place = [transform.offsetX, transform.offsetY, transform.scaleX, transform.scaleY]
  const size = [pane.widthPx, pane.heightPx, pane.pixelRatio]
  return {
    key: [videoId, frameIndex, ...place, ...size, ...keys].join(' '),
    wish: {
      videoId,
      frameIndex,
      masks,
      transform,
      widthPx: pane.widthPx,
      heightPx: pane.heightPx,
      pixelRatio: pane.pixelRatio,
    },
  }
}

function outlineOf(look: OverlayLook, objectId: number, isStale: boolean): OverlayMask['outline'] {
  if (look.view.mode === 'mattes' || !look.view.outline) return 'none'
  if (isStale) return 'dashed'
  return objectId === look.selectedObjectId ? 'strong' : 'plain'
}

const identities = new WeakMap<RunLengthMask, number>()
let nextIdentity = 1

/** A number that stands for a mask as long as it lives; masks are never changed in place. */
function identityOf(mask: RunLengthMask): number {
  const known = identities.get(mask)
  if (known !== undefined) return known
  identities.set(mask, nextIdentity)
  return nextIdentity++
}
