import { disableAutoUnmount, enableAutoUnmount } from '@vue/test-utils'
import { afterEach } from 'vitest'

/** Unmounts what a file's tests mount. Files share the library, which takes the wish only once until it is taken back. */
export function unmountAfterEach(): void {
  disableAutoUnmount()
  enableAutoUnmount(afterEach)
}
