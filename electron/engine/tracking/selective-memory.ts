import type { FrameRecord } from './frame-record.ts'
import type { FrameRecords } from './frame-records.ts'
import type { BankOptions, BankQuery, ChosenFrames, Remembered } from './memory-bank.ts'
import type { Shots } from './shots.ts'

/** Examples of other shots that help to find an object after a cut, and to follow it until this shot has its own. */
const examplesOfOtherShots = 6

/**
 * The frames before this one (after, in reverse) that an object is remembered by, the nearest first: all on which it was
 * found; those alone that show it well while it is looked for. Behind those of this shot come the newest that show it
 * well in others: they have a slot only as long as this shot does not fill it.
 */
export function rememberedFor(
  tracked: FrameRecords,
  query: BankQuery,
  shots: Shots,
  isLookedFor: boolean,
): Remembered[] {
  const { frameIndex, reverse } = query
  const found: Remembered[] = []
  const elsewhere: Remembered[] = []
  for (const [index, record] of tracked) {
    const distance = reverse ? index - frameIndex : frameIndex - index
    if (distance < 1 || !record.isFound || (isLookedFor && !record.isExample)) continue
    const isSameShot = shots.areInOne(index, frameIndex)
    if (isSameShot) found.push({ record, distance })
    else if (record.isExample && record.memory !== null) elsewhere.push({ record, distance })
  }
  const nearestFirst = (frames: Remembered[]): Remembered[] => frames.sort((a, b) => a.distance - b.distance)
  return [...nearestFirst(found), ...nearestFirst(elsewhere).slice(0, examplesOfOtherShots)]
}

/** Slots of the bank for frames that tell the object from a look-alike. */
export const apartSlots = 2

/**
 * The frames that an object is remembered by: the recent ones, and, beyond those that fill the other slots, the newest
 * ones of the same shot that tell it from a look-alike (the distractor-resolving memory of DAM4SAM).
 */
export function chosenFrames(
  tracked: FrameRecords,
  query: BankQuery,
  { memoryCount }: BankOptions,
  shots: Shots,
  isLookedFor: boolean,
): Omit<ChosenFrames, 'mirrored'> {
  const recent = rememberedFor(tracked, query, shots, isLookedFor)
  const tellingApart = recent
    .slice(memoryCount - 1 - apartSlots)
    .filter(({ record }) => record.tellsApart && record.memory !== null)
    .slice(0, apartSlots)
  return { recent, tellingApart }
}

/** Lets go of what no later frame of the walk will remember. */
export function forgetUnchosen(
  tracked: FrameRecords,
  query: BankQuery,
  bank: BankOptions,
  shots: Shots,
): void {
  const { memoryCount, pointerCount } = bank
  const next = { ...query, frameIndex: query.frameIndex + (query.reverse ? -1 : 1) }
  const pointed = new Set<FrameRecord>()
  const remembered = new Set<FrameRecord>()
  for (const isLookedFor of [false, true]) {
    const { recent, tellingApart } = chosenFrames(tracked, next, bank, shots, isLookedFor)
    for (const { record } of [...tellingApart, ...recent.slice(0, pointerCount)]) pointed.add(record)
    for (const { record } of [...tellingApart, ...recent.slice(0, memoryCount)]) remembered.add(record)
  }
  for (const [index, record] of tracked) {
    const isNear = Math.abs(index - query.frameIndex) < pointerCount
    if (!pointed.has(record) && !isNear) tracked.delete(index)
    else if (record.memory !== null && !remembered.has(record))
      tracked.set(index, { ...record, memory: null })
  }
}
