import type { RunLengthMask } from '../../electron/contract/mask.ts'
import { encodeMask } from '../masks/run-length.ts'
import { runsOf, type MaskRuns } from './mask-runs.ts'

/** A mask as drawn with characters, one line a row; `#` is foreground. For tests. */
export function drawnMask(...rows: readonly string[]): RunLengthMask {
  const widthPx = rows[0]!.length
  const pixels = Uint8Array.from(rows.join(''), (character) => (character === '#' ? 1 : 0))
  return encodeMask({ widthPx, heightPx: rows.length, pixels })
}

export function drawnRuns(...rows: readonly string[]): MaskRuns {
  return runsOf(drawnMask(...rows))
}
