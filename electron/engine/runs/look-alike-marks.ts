import type { RunLengthMask } from '../../contract/mask.ts'
import type { NewMask } from '../project/edits/mask-edits.ts'
import { LookAlikeWatch, suspectLookAlikes, withLookAlikes, type LookAlike } from '../tracking/look-alikes.ts'
import type { ObjectWalk } from './object-walk.ts'

/** Marks the masks of a leg that may have been taken for each other, and warns of each pair once a run. */
export class LookAlikeMarks {
  readonly #watch = new LookAlikeWatch()
  readonly #warned: Set<string>
  readonly #warn: (objectIds: LookAlike['objectIds'], frameIndex: number) => void

  /** @param warned pairs that a leg before has warned of; this one adds its own */
  constructor(warned: Set<string>, warn: (objectIds: LookAlike['objectIds'], frameIndex: number) => void) {
    this.#warned = warned
    this.#warn = warn
  }

  /**
   * @param masks those that the run made of a frame
   * @param seen all its objects as they were found there, before each pixel was given to one
   */
  mark(frameIndex: number, masks: readonly NewMask[], seen: ReadonlyMap<number, RunLengthMask>): NewMask[] {
    const found = suspectLookAlikes(this.#watch.look(seen))
    for (const { objectIds } of found) {
      const pair = objectIds.join(':')
      if (this.#warned.has(pair)) continue
      this.#warned.add(pair)
      this.#warn(objectIds, frameIndex)
    }
    return masks.map((mask) => ({ ...mask, scores: withLookAlikes(mask.scores, mask.objectId, found) }))
  }
}

/** What is stored of a run's objects on a frame. */
export function standingMasks(walks: readonly ObjectWalk[], frameIndex: number): Map<number, RunLengthMask> {
  return new Map(
    walks.flatMap((walk) => {
      const mask = walk.storedMask(frameIndex)
      return mask === null ? [] : [[walk.objectId, mask] as const]
    }),
  )
}
