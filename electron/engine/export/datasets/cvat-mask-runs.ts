import type { BinaryMask } from '../../masks/binary-mask.ts'
import type { PixelBox } from '../../masks/run-length-measures.ts'

/** A mask's runs inside a box as CVAT has them: row by row, background first. */
export function cvatMaskRuns({ widthPx, data }: BinaryMask, box: PixelBox): number[] {
  const runs: number[] = []
  let value = 0
  let length = 0
  for (let y = box.topPx; y < box.topPx + box.heightPx; y++) {
    for (let x = box.leftPx; x < box.leftPx + box.widthPx; x++) {
      if (data[y * widthPx + x] === value) {
        length++
        continue
      }
      runs.push(length)
      value = 1 - value
      length = 1
    }
  }
  runs.push(length)
  return runs
}
