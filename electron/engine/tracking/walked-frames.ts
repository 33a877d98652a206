import type { PixelBox } from '../masks/run-length-measures.ts'
import type { FrameRecord } from './frame-record.ts'
import type { FrameRecords } from './frame-records.ts'
import type { BankQuery } from './memory-bank.ts'
import type { Expectation } from './presence-judge.ts'
import { rivalFrames } from './rival-watch.ts'
import type { Shots } from './shots.ts'

/** What is known of an object. */
export interface Known {
  /** Those that the frame attends to. */
  readonly conditioning: ReadonlyMap<number, FrameRecord>
  readonly tracked: FrameRecords
}

/** The frame that was looked at last. */
export interface Newest extends Omit<Expectation, 'isAfterCut' | 'doubt'> {
  readonly frameIndex: number
  readonly view: PixelBox | null
  /** Where the object was seen last, on that frame or before. */
  readonly box: PixelBox | null
  readonly record: FrameRecord
}

/**
 * What the walk came by last before a frame; null where it begins. Where the object is on frames still ahead says nothing
 * of where it is now.
 */
export function newestBefore(
  { conditioning, tracked }: Known,
  { frameIndex, reverse }: BankQuery,
  shots: Shots,
  boxOf: (record: FrameRecord) => PixelBox | null,
): Newest | null {
  const before = [...conditioning, ...tracked]
    .map(([index, record]) => ({
      index,
      record,
      distance: reverse ? index - frameIndex : frameIndex - index,
    }))
    .filter(({ distance }) => distance >= 1)
    .sort((a, b) => a.distance - b.distance)
  const [newest] = before
  if (newest === undefined) return null
  const seen = before.find(({ record, index }) => record.isFound && shots.areInOne(index, newest.index))
  const usual = before.find(({ record }) => record.usualIou !== null)
  return {
    ...{ frameIndex: newest.index, record: newest.record },
    view: newest.record.view,
    usualIou: usual?.record.usualIou ?? null,
    isGone: !newest.record.isFound,
    box: boxOf((seen ?? newest).record),
  }
}

/** Whether a conditioning frame, passed or ahead, shows the object in a frame's shot. */
export function isPromptedInShot({ conditioning }: Known, { frameIndex }: BankQuery, shots: Shots): boolean {
  return [...conditioning].some(([index, { isFound }]) => isFound && shots.areInOne(index, frameIndex))
}

/** Whether the walk came by the object in a frame's shot. */
export function wasSeenInShot(
  { conditioning, tracked }: Known,
  { frameIndex, reverse }: BankQuery,
  shots: Shots,
): boolean {
  return [...conditioning, ...tracked].some(
    ([index, { isFound }]) =>
      isFound && (reverse ? index > frameIndex : index < frameIndex) && shots.areInOne(index, frameIndex),
  )
}

/** The frames that the walk has just passed in a frame's shot, the nearest first. */
export function passedInShot(
  { conditioning, tracked }: Known,
  { frameIndex, reverse }: BankQuery,
  shots: Shots,
): FrameRecord[] {
  const step = reverse ? 1 : -1
  return Array.from({ length: rivalFrames }, (_, place) => frameIndex + step * (place + 1))
    .filter((index) => shots.areInOne(index, frameIndex))
    .flatMap((index) => conditioning.get(index) ?? tracked.get(index) ?? [])
}
