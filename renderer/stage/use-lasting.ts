import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue'

/** True once a condition has held for a while, so that what is over in a moment does not flicker. */
export function useLasting(condition: () => boolean, delayMs: number): Readonly<ShallowRef<boolean>> {
  const lasts = shallowRef(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  watch(
    condition,
    (holds) => {
      clearTimeout(timer)
      lasts.value = false
      if (holds) {
        timer = setTimeout(() => {
          lasts.value = true
        }, delayMs)
      }
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    clearTimeout(timer)
  })
  return lasts
}
