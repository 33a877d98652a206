import { onScopeDispose, watch, type ShallowRef } from 'vue'
import { usePrompting } from '../stores/prompting.ts'
import { useSelection } from '../stores/selection.ts'
import type { MaskPreview } from './use-overlay.ts'
import type { Point } from './view-transform.ts'

/**
 * The mask that a click would give, while Shift is held: one question at a time, and when the answer is there the
 * newest place is asked for next, so that a slow model is never more than one place behind.
 */
export function useMaskPreview(preview: ShallowRef<MaskPreview | null>) {
  const prompting = usePrompting()
  const selection = useSelection()

  let wanted: { readonly pixel: Point; readonly label: 0 | 1 } | null = null
  let isAsking = false

  function want(pixel: Point, label: 0 | 1): void {
    if (wanted !== null && wanted.pixel.x === pixel.x && wanted.pixel.y === pixel.y && wanted.label === label)
      return
    wanted = { pixel, label }
    if (!isAsking) void ask()
  }

  function stop(): void {
    wanted = null
    preview.value = null
  }

  async function ask(): Promise<void> {
    isAsking = true
    try {
      for (let asked = null; wanted !== null && wanted !== asked;) {
        asked = wanted
        const { objectId, frameIndex } = selection
        const answer = await prompting.previewMask({ ...asked.pixel, label: asked.label })
        const isStillHere = selection.objectId === objectId && selection.frameIndex === frameIndex
        if (wanted !== null && answer !== null && isStillHere) preview.value = { objectId, mask: answer.mask }
      }
    } finally {
      isAsking = false
    }
  }

  watch(() => [selection.videoId, selection.frameIndex, selection.objectId], stop)
  onScopeDispose(stop)

  return { want, stop }
}
