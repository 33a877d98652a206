import type { Log } from '../contract/engine-surroundings.ts'

const LINES_PER_MINUTE = 60

/** Notes a refused request or message; `detail` must not repeat what was sent. */
export type LogRefusal = (what: string, detail?: unknown) => void

/** A log of refusals that a flood of them cannot use to push out everything else. */
export function createRefusalLog(log: Log, now: () => number = Date.now): LogRefusal {
  let minuteStart = now()
  let lines = 0
  let leftOut = 0
  return (what, detail) => {
    if (now() - minuteStart >= 60_000) {
      if (leftOut > 0) log('warning', 'refused', `${String(leftOut)} more refusals were left out.`)
      minuteStart = now()
      lines = 0
      leftOut = 0
    }
    if (lines < LINES_PER_MINUTE) {
      lines++
      log('warning', 'refused', what, detail)
    } else leftOut++
  }
}
