import { LIMITS } from '../../../contract/limits.ts'
import type { FrameRange } from '../../video/video-source.ts'
import type { JobContent } from './batch-job.ts'

export interface ShotPart {
  readonly range: JobContent['range']
  readonly objects: JobContent['objects']
  /** Which of all the objects these are. */
  readonly objectIndices: readonly number[]
  /** Null for a video in one piece. */
  readonly shot: FrameRange | null
}

/**
 * Splits work where shots change, and nowhere else: memory does not reach over a cut. A shot takes the prompts that lie
 * in it; one without prompts is left out.
 * @param objects their prompts lie in the range
 * @param shotStarts first frames of the shots but the first one's
 */
export function splitIntoShots({
  range,
  objects,
  shotStarts,
}: Pick<ShotPart, 'range' | 'objects'> & { readonly shotStarts: readonly number[] }): ShotPart[] {
  const first = range.first ?? 0
  const last = range.last ?? LIMITS.frameIndex
  const starts = [...new Set(shotStarts)]
    .filter((start) => start > first && start <= last)
    .sort((a, b) => a - b)
  if (starts.length === 0)
    return [{ range, objects, objectIndices: objects.map((_, index) => index), shot: null }]
  return [first, ...starts].flatMap((start, index): ShotPart[] => {
    const end = starts[index] === undefined ? range.last : starts[index] - 1
    const inShot = objects.flatMap(({ name, frames }, objectIndex) => {
      const kept = frames.filter(({ frameIndex }) => frameIndex >= start && frameIndex <= (end ?? last))
      return kept.length === 0 ? [] : [{ objectIndex, object: { name, frames: kept } }]
    })
    if (inShot.length === 0) return []
    return [
      {
        range: { first: start, last: end },
        objects: inShot.map(({ object }) => object),
        objectIndices: inShot.map(({ objectIndex }) => objectIndex),
        shot: { first: start, last: end ?? last },
      },
    ]
  })
}

export function shotTitle({ first, last }: FrameRange): string {
  return last === LIMITS.frameIndex ? `frames ${first} to the end` : `frames ${first} to ${last}`
}

/** Where a shot's files go below its video's folder. */
export function shotFolder({ first }: FrameRange): string {
  return `shot-${String(first).padStart(6, '0')}`
}
