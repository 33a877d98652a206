import type { BinaryMask } from '../../../electron/engine/masks/binary-mask.ts'
import { boundaryAccuracy } from '../metrics/boundary-accuracy.ts'
import { meanAccuracy, regionAndBoundary, type Accuracy } from '../metrics/mean-accuracy.ts'
import { regionSimilarity } from '../metrics/region-similarity.ts'
import type { StressClip, StressFrame } from './stress-clip.ts'

/** An object that comes back counts as found where the mask's IoU reaches this within so many frames. */
const foundIou = 0.5
const foundWithinFrames = 10

/** How well a clip was tracked, frame by frame. The first frame is prompted and does not count. */
export class ClipScore {
  private readonly clip: StressClip
  private readonly frames: Accuracy[] = []
  /** Returns after which the object was seen within the time, and those of them at which it was found. */
  private readonly seen = new Set<number>()
  private readonly found = new Set<number>()
  private switched = 0
  private judged = 0

  constructor(clip: StressClip) {
    this.clip = clip
  }

  add(frameIndex: number, mask: BinaryMask, { truth, wrong }: StressFrame): void {
    if (frameIndex === 0) return
    const region = regionSimilarity(mask, truth)
    this.frames.push({ region, boundary: boundaryAccuracy(mask, truth) })
    for (const back of isEmpty(truth) ? [] : this.clip.returns) {
      if (frameIndex < back || frameIndex >= back + foundWithinFrames) continue
      this.seen.add(back)
      if (region >= foundIou) this.found.add(back)
    }
    if (wrong === null || isEmpty(wrong) || this.clip.returns.length === 0) return
    this.judged++
    if (common(mask, wrong) > common(mask, truth)) this.switched++
  }

  /** J&F, 0 to 1. */
  get accuracy(): number {
    return regionAndBoundary(meanAccuracy(this.frames))
  }

  /** Share of its returns at which the object was found; null where it never came back. */
  get refound(): number | null {
    return this.seen.size === 0 ? null : this.found.size / this.seen.size
  }

  /** Of the frames on which the wrong thing is seen, the share on which more of the mask lies on it; null without any. */
  get switchedShare(): number | null {
    return this.judged === 0 ? null : this.switched / this.judged
  }
}

function isEmpty({ data }: BinaryMask): boolean {
  return !data.includes(1)
}

function common(first: BinaryMask, second: BinaryMask): number {
  let pixels = 0
  for (let pixel = 0; pixel < first.data.length; pixel++) pixels += first.data[pixel]! & second.data[pixel]!
  return pixels
}
