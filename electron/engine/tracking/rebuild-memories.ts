import type { RuntimeTensor } from '../../../models/runtime/tensor.ts'
import type { FrameRecord } from './frame-record.ts'
import type { ObjectTrack } from './object-track.ts'

type Encode = (frameIndex: number, record: FrameRecord, fromPrompts: boolean) => Promise<RuntimeTensor>

/**
 * Makes the memories of all objects anew from the masks that are kept beside them, frame by frame, so that each picture is
 * encoded once. Those that were made from prompts are told by their place among the conditioning frames.
 */
export async function rebuildMemories(tracks: Iterable<ObjectTrack>, encode: Encode): Promise<void> {
  const lost = [...tracks].flatMap(({ settled }) =>
    (['conditioning', 'tracked'] as const).flatMap((kind) =>
      [...settled[kind]].flatMap(([frameIndex, record]) =>
        record.memory === null ? [] : [{ records: settled[kind], kind, frameIndex, record }],
      ),
    ),
  )
  for (const { records, kind, frameIndex, record } of lost.sort((a, b) => a.frameIndex - b.frameIndex)) {
    const memory = await encode(frameIndex, record, kind === 'conditioning')
    records.set(frameIndex, { ...record, memory })
  }
}
