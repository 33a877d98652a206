import { onScopeDispose, watch, type Ref } from 'vue'
import { frameUrl } from '../../electron/contract/frame-url.ts'
import { useSelection } from '../stores/selection.ts'
import { addressBesidePage, loadPicture } from '../stage/load-picture.ts'
import { PictureCache } from '../stage/picture-cache.ts'
import { slotFrames, standIns, type FilmSlot } from './film-slots.ts'
import { FILM_PICTURE_HEIGHT_PX } from './paint-film.ts'
import type { SlotPicture } from './timeline-drawing.ts'
import type { TimeScale } from './time-scale.ts'

const CACHE_BYTES = 48 * 1_048_576
const LOADS_AT_ONCE = 2
const SETTLE_MS = 90
const WIDTH_STEP_PX = 16

/** Pictures of the filmstrip: asked for when the timeline rests, from left to right. */
export function useFilmPictures(
  slots: Ref<readonly FilmSlot[]>,
  scale: Ref<TimeScale>,
  pixelRatio: Ref<number>,
  onCame: () => void,
) {
  const selection = useSelection()
  const cache = new PictureCache<ImageBitmap>({
    load: loadPicture,
    maxBytes: CACHE_BYTES,
    concurrency: LOADS_AT_ONCE,
    onSettled: onCame,
    now: () => performance.now(),
  })
  let timer: ReturnType<typeof setTimeout> | undefined

  function addressOf(frameIndex: number): string | null {
    const { video } = selection
    if (video === null || video.link === 'missing') return null
    const wanted = (FILM_PICTURE_HEIGHT_PX * pixelRatio.value * video.widthPx) / video.heightPx
    const widthPx = Math.min(video.widthPx, Math.ceil(wanted / WIDTH_STEP_PX) * WIDTH_STEP_PX)
    const address = {
      videoId: video.id,
      frameIndex,
      widthPx,
      contentId: video.contentId,
      format: 'jpeg' as const,
    }
    return addressBesidePage(frameUrl(address))
  }

  watch(
    [slots, () => selection.video?.contentId],
    () => {
      clearTimeout(timer)
      timer = setTimeout(() => {
        cache.want(
          slots.value.map(({ frameIndex }) => addressOf(frameIndex)).filter((address) => address !== null),
          true,
        )
      }, SETTLE_MS)
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    clearTimeout(timer)
    cache.close()
  })

  return (slot: FilmSlot, pictureWidthPx: number): SlotPicture | null => {
    const pixelAspectRatio = selection.video?.pixelAspectRatio ?? 1
    const step = slotFrames(scale.value, pictureWidthPx)
    for (const frameIndex of [slot.frameIndex, ...standIns(slot.frameIndex, step)]) {
      const address = addressOf(frameIndex)
      const bitmap = address === null ? null : cache.get(address)
      if (bitmap !== null) return { bitmap, pixelAspectRatio }
    }
    return null
  }
}
