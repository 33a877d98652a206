import type { RunLengthMask } from '../../contract/mask.ts'
import type { MaskScores } from '../../contract/tracking.ts'
import { runLengthArea } from '../masks/run-length-measures.ts'
import { intersectRunLength, runLengthIou } from '../masks/run-length-sets.ts'

/** Two objects whose masks come together or change places. */
export interface LookAlike {
  readonly objectIds: readonly [number, number]
  /** 0 to 1. */
  readonly strength: number
}

/** What two objects have in common beyond this makes their frame suspect. */
const suspectFrom = 0.5
/** Share of the smaller mask that both have, above what is usual for the two. */
const harmlessShare = 0.2
const alarmingShare = 0.7
/** How fast the usual follows. */
const followed = 0.05

/** Those that make a frame suspect. */
export function suspectLookAlikes(found: readonly LookAlike[]): LookAlike[] {
  return found.filter(({ strength }) => strength >= suspectFrom)
}

/** An object's scores on a frame, suspect where it may have been taken for another. */
export function withLookAlikes(
  scores: MaskScores,
  objectId: number,
  suspect: readonly LookAlike[],
): MaskScores {
  const strengths = suspect
    .filter(({ objectIds }) => objectIds.includes(objectId))
    .map(({ strength }) => strength)
  if (strengths.length === 0) return scores
  const { suspicion, suspectReasons } = scores
  return {
    ...scores,
    suspicion: Math.max(suspicion ?? 0, ...strengths),
    suspectReasons: [...suspectReasons, 'lookAlike'],
  }
}

/**
 * Watches the masks of several objects from frame to frame for two that may have been taken for each other. A part and
 * its whole share pixels all along, so what counts is what they share beyond that.
 */
export class LookAlikeWatch {
  readonly #usualShares = new Map<string, number>()
  #before: ReadonlyMap<number, RunLengthMask> = new Map()

  /** The masks of a frame, by object. */
  look(masks: ReadonlyMap<number, RunLengthMask>): LookAlike[] {
    const objectIds = [...masks.keys()].sort((a, b) => a - b)
    const found = objectIds.flatMap((first, place) =>
      objectIds.slice(place + 1).flatMap((second): LookAlike[] => {
        const strength = Math.max(
          this.#comesTogether(first, second, masks),
          this.#changesPlaces(first, second, masks) ? 1 : 0,
        )
        return strength > 0 ? [{ objectIds: [first, second], strength }] : []
      }),
    )
    this.#before = masks
    return found
  }

  #comesTogether(first: number, second: number, masks: ReadonlyMap<number, RunLengthMask>): number {
    const one = masks.get(first)!
    const other = masks.get(second)!
    const smaller = Math.min(runLengthArea(one), runLengthArea(other))
    if (smaller === 0) return 0
    const share = runLengthArea(intersectRunLength(one, other)) / smaller
    const pair = `${String(first)}:${String(second)}`
    const usual = this.#usualShares.get(pair) ?? share
    this.#usualShares.set(pair, usual + followed * (share - usual))
    return Math.min(Math.max((share - usual - harmlessShare) / (alarmingShare - harmlessShare), 0), 1)
  }

  /** Whether each is where the other was rather than where it was itself. */
  #changesPlaces(first: number, second: number, masks: ReadonlyMap<number, RunLengthMask>): boolean {
    const firstBefore = this.#before.get(first)
    const secondBefore = this.#before.get(second)
    if (firstBefore === undefined || secondBefore === undefined) return false
    const stays = (now: RunLengthMask, own: RunLengthMask, of: RunLengthMask): boolean =>
      runLengthIou(now, own, 1) >= runLengthIou(now, of, 0)
    return (
      !stays(masks.get(first)!, firstBefore, secondBefore) &&
      !stays(masks.get(second)!, secondBefore, firstBefore)
    )
  }
}
