import type { Sam2Model } from '../../../models/sam2/sam2-model.ts'
import type { FrameRecord } from './frame-record.ts'
import type { FrameRecords } from './frame-records.ts'
import { ObjectTrack } from './object-track.ts'

/** A frame's record whose memory, [T * memoryDim], lies in main memory as float32, so that nothing of it is lost. */
export interface RecordState extends Omit<FrameRecord, 'memory'> {
  readonly frameIndex: number
  readonly memory: Float32Array | null
}

/** The memory bank of one object: its conditioning frames and the frames that a propagation can still reach. */
export interface TrackState {
  readonly objectId: number
  readonly conditioning: readonly RecordState[]
  readonly tracked: readonly RecordState[]
}

/** Copies the banks of tracks whose prompts are settled. */
export async function captureTracks(model: Sam2Model, tracks: Iterable<ObjectTrack>): Promise<TrackState[]> {
  const states: TrackState[] = []
  for (const { objectId, settled } of tracks) {
    states.push({
      objectId,
      conditioning: await captureRecords(model, settled.conditioning),
      tracked: await captureRecords(model, settled.tracked),
    })
  }
  return states
}

/** Tracks with the same banks, in the same order. */
export function restoreTracks(model: Sam2Model, states: readonly TrackState[]): ObjectTrack[] {
  return states.map(({ objectId, conditioning, tracked }) => {
    const track = new ObjectTrack(objectId)
    restoreRecords(model, conditioning, track.settled.conditioning)
    restoreRecords(model, tracked, track.settled.tracked)
    return track
  })
}

async function captureRecords(model: Sam2Model, records: FrameRecords): Promise<RecordState[]> {
  const states: RecordState[] = []
  for (const [frameIndex, { memory, ...record }] of records) {
    states.push({ ...record, frameIndex, memory: memory && (await model.memoryNumbers(memory)) })
  }
  return states
}

function restoreRecords(model: Sam2Model, states: readonly RecordState[], records: FrameRecords): void {
  for (const { frameIndex, memory, ...record } of states) {
    records.set(frameIndex, { ...record, memory: memory && model.memoryOfNumbers(memory) })
  }
}
