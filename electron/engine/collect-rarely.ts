import { setFlagsFromString } from 'node:v8'

/**
 * Lets the heap and the arrays outside of it grow to five times what was left before all is gone through again. A frame
 * leaves some ten megabytes of arrays behind, and going through a heap of 25 MB, mostly code, every second frame took
 * more of the processor than coding the film. For processes that track and do little else. Electron
 * settles V8's flags before any of this runs, so nothing changes there.
 */
export function collectRarely(): void {
  if ('electron' in process.versions) return
  setFlagsFromString('--heap-growing-percent=400')
}
