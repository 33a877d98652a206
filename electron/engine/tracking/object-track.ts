import type { FrameRecord } from './frame-record.ts'
import { FrameRecords } from './frame-records.ts'

/** Points of one frame in source pixels, box corners first; labels as in the prompt encoder. */
export interface PointInputs {
  readonly coordinates: Float32Array
  readonly labels: readonly number[]
}

/** Records of conditioning frames (prompted) and of the others, by frame index. */
export interface Records {
  readonly conditioning: ReadonlyMap<number, FrameRecord>
  readonly tracked: ReadonlyMap<number, FrameRecord>
}

/** Records that come and go. */
export interface KeptRecords extends Records {
  readonly conditioning: FrameRecords
  readonly tracked: FrameRecords
}

export function noRecords(): KeptRecords {
  return { conditioning: new FrameRecords(), tracked: new FrameRecords() }
}

/**
 * Everything the predictor keeps of one object: one session of its own, as in the predictor of December 2024
 * (`output_dict_per_obj`, `temp_output_dict_per_obj`, `frames_tracked_per_obj`).
 */
export class ObjectTrack {
  readonly objectId: number
  readonly points = new Map<number, PointInputs>()
  readonly settled = noRecords()
  /** Answers to prompts that no propagation has taken up yet. */
  readonly pending = noRecords()
  /** Frames that a propagation passed, with its direction. */
  readonly passed = new Map<number, { readonly reverse: boolean }>()

  constructor(objectId: number) {
    this.objectId = objectId
  }

  settledRecord(frameIndex: number): FrameRecord | undefined {
    return this.settled.conditioning.get(frameIndex) ?? this.settled.tracked.get(frameIndex)
  }

  /**
   * Forgets the prompts of a frame; a conditioning frame becomes an ordinary one
   * (`clear_all_prompts_in_frame`).
   */
  clearFrame(frameIndex: number): void {
    this.points.delete(frameIndex)
    this.pending.conditioning.delete(frameIndex)
    this.pending.tracked.delete(frameIndex)
    const record = this.settled.conditioning.take(frameIndex)
    if (!record) return
    this.settled.tracked.set(frameIndex, record)
    this.passed.delete(frameIndex)
  }

  /** Frees what the object's memories hold on a device. */
  dispose(): void {
    for (const { conditioning, tracked } of [this.settled, this.pending]) {
      conditioning.clear()
      tracked.clear()
    }
  }
}
