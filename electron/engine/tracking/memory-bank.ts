import type { RuntimeTensor } from '../../../models/runtime/tensor.ts'
import type { ConditioningInputs } from '../../../models/sam2/memory-stage.ts'
import type { Sam2Model } from '../../../models/sam2/sam2-model.ts'
import type { FrameRecord } from './frame-record.ts'
import type { FrameRecords } from './frame-records.ts'
import type { Records } from './object-track.ts'

/** How far the bank reaches and how it numbers what it finds. */
export interface BankOptions {
  /** Spatial memories in all, the conditioning frames' slot included (`num_maskmem`). */
  readonly memoryCount: number
  /** Pointers looked for on frames without prompts, plus one (`max_obj_ptrs_in_encoder`). */
  readonly pointerCount: number
  /** Conditioning frames attended to at most; null for all (`max_cond_frames_in_attn`). */
  readonly conditioningFrames: number | null
  /** SAM 2.1 tells pointers of the future from those of the past by the sign of their distance. */
  readonly signedDistances: boolean
}

export interface BankQuery {
  readonly frameIndex: number
  readonly frameCount: number
  readonly reverse: boolean
}

/** A tracked frame that is remembered. */
export interface Remembered {
  readonly record: FrameRecord
  /** Frames from it to the one that is looked at, at least 1. */
  readonly distance: number
}

/** The tracked frames that an object is remembered by. */
export interface ChosenFrames {
  /** The nearest first. */
  readonly recent: readonly Remembered[]
  /** Those that tell it from a look-alike, beyond the nearest ones. */
  readonly tellingApart: readonly Remembered[]
  /** Conditioning frames as they are in a mirror. */
  readonly mirrored: ReadonlyMap<number, FrameRecord>
}

/**
 * What a frame is conditioned on (SAM2Base._prepare_memory_conditioned_features): the memories of the
 * conditioning frames, past and future, with time code 0; those of the six frames before (after, in reverse) with
 * theirs; the pointers of past conditioning frames and of up to fifteen frames before.
 */
export function selectFromBank(records: Records, query: BankQuery, options: BankOptions): ConditioningInputs {
  const { frameIndex, frameCount, reverse } = query
  const { selected, unselected } = closestConditioning(records.conditioning, frameIndex, options)
  const direction = reverse ? 1 : -1
  const recordAt = (index: number): FrameRecord | undefined =>
    records.tracked.get(index) ?? unselected.get(index)

  const inputs = conditioningInputs(selected, query, options)
  for (let timePosition = 1; timePosition < options.memoryCount; timePosition++) {
    inputs.remember(recordAt(frameIndex + direction * (options.memoryCount - timePosition)), timePosition)
  }
  for (let distance = 1; distance < inputs.longest; distance++) {
    const index = frameIndex + direction * distance
    if (index < 0 || index >= frameCount) break
    const record = recordAt(index)
    if (record) inputs.point(record, distance)
  }
  return inputs
}

/**
 * What a frame is conditioned on when the tracked frames are chosen: the memories and pointers of the conditioning
 * frames as ever, and the chosen ones in the slots of the newest frames, whatever lies between them. Memories that tell
 * the object from a look-alike take the slots of the oldest of these, and the time code of conditioning frames.
 */
export function bankOfChosen(
  conditioning: ReadonlyMap<number, FrameRecord>,
  { recent, tellingApart, mirrored }: ChosenFrames,
  query: BankQuery,
  options: BankOptions,
): ConditioningInputs {
  const { selected } = closestConditioning(conditioning, query.frameIndex, options)
  const inputs = conditioningInputs(selected, query, options)
  inputs.condition(mirrored)
  for (const { record } of tellingApart) inputs.remember(record, 0)
  const newest = recent.slice(0, options.memoryCount - 1 - tellingApart.length)
  newest.forEach(({ record }, place) => inputs.remember(record, options.memoryCount - 1 - place))
  for (const { record, distance } of recent.slice(0, Math.max(inputs.longest - 1, 0)))
    inputs.point(record, Math.min(distance, inputs.longest - 1))
  return inputs
}

/** Drops what no frame of a propagation at `frameIndex` can reach again, on either side of it. */
export function forgetFar(tracked: FrameRecords, frameIndex: number, options: BankOptions): void {
  for (const [index, record] of tracked) {
    const distance = Math.abs(index - frameIndex)
    if (distance >= options.pointerCount) tracked.delete(index)
    else if (record.memory && distance >= options.memoryCount) tracked.set(index, { ...record, memory: null })
  }
}

/** What the bank of a model reaches (`num_maskmem`, `max_obj_ptrs_in_encoder`). */
export function bankOptionsOf({ configuration }: Sam2Model): BankOptions {
  return {
    memoryCount: configuration.numMaskMemories,
    pointerCount: 16,
    conditioningFrames: null,
    signedDistances: configuration.version === '2.1',
  }
}

/** The inputs that the conditioning frames make, ready to take more. */
function conditioningInputs(
  selected: ReadonlyMap<number, FrameRecord>,
  { frameIndex, frameCount, reverse }: BankQuery,
  options: BankOptions,
) {
  const longest = Math.min(frameCount, options.pointerCount)
  const memories: RuntimeTensor[] = []
  const memoryTimes: number[] = []
  const pointers: Float32Array[] = []
  const pointerDistances: number[] = []
  const inputs = {
    longest,
    ...{ memories, memoryTimes, pointers, pointerDistances },
    remember(record: FrameRecord | undefined, timePosition: number): void {
      if (!record?.memory) return
      memories.push(record.memory)
      memoryTimes.push(options.memoryCount - timePosition - 1)
    },
    condition(records: ReadonlyMap<number, FrameRecord>): void {
      for (const record of records.values()) inputs.remember(record, 0)
      for (const [index, record] of records) {
        const distance = (frameIndex - index) * (reverse ? -1 : 1)
        if (distance >= 0) inputs.point(record, options.signedDistances ? distance : Math.abs(distance))
      }
    },
    point(record: FrameRecord, distance: number): void {
      pointers.push(record.pointer)
      pointerDistances.push(distance / Math.max(longest - 1, 1))
    },
  }
  inputs.condition(selected)
  return inputs
}

/** `select_closest_cond_frames`: the nearest before, the nearest from here on, then by distance. */
function closestConditioning(
  conditioning: ReadonlyMap<number, FrameRecord>,
  frameIndex: number,
  options: BankOptions,
): { selected: ReadonlyMap<number, FrameRecord>; unselected: ReadonlyMap<number, FrameRecord> } {
  const limit = options.conditioningFrames
  if (limit === null || conditioning.size <= limit) return { selected: conditioning, unselected: new Map() }
  const indices = [...conditioning.keys()]
  const before = indices.filter((index) => index < frameIndex)
  const after = indices.filter((index) => index >= frameIndex)
  const nearest = new Set<number>()
  if (before.length > 0) nearest.add(Math.max(...before))
  if (after.length > 0) nearest.add(Math.min(...after))
  const byDistance = indices
    .filter((index) => !nearest.has(index))
    .sort((a, b) => Math.abs(a - frameIndex) - Math.abs(b - frameIndex))
  for (const index of byDistance.slice(0, Math.max(limit - nearest.size, 0))) nearest.add(index)
  const selected = new Map<number, FrameRecord>()
  const unselected = new Map<number, FrameRecord>()
  for (const [index, record] of conditioning) (nearest.has(index) ? selected : unselected).set(index, record)
  return { selected, unselected }
}
