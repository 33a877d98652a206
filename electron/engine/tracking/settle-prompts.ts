import type { Sam2Model } from '../../../models/sam2/sam2-model.ts'
import type { ObjectTrack } from './object-track.ts'
import type { PredictorFeatures } from './predictor-features.ts'
import { NothingToTrack } from './tracking-errors.ts'

/**
 * `propagate_in_video_preflight`: gives prompted frames their memory and takes them into the bank.
 * @param asksAppearance whether the tracking goes by what the objects look like
 * @throws NothingToTrack when there is no object, or one without prompts
 */
export async function settlePrompts(
  tracks: readonly ObjectTrack[],
  model: Sam2Model,
  features: PredictorFeatures,
  asksAppearance: boolean,
): Promise<void> {
  if (tracks.length === 0) throw new NothingToTrack('Nothing can be tracked before an object is prompted.')
  const pending = tracks.flatMap((track) =>
    (['tracked', 'conditioning'] as const).flatMap((kind) =>
      [...track.pending[kind]].map(([frameIndex, record]) => ({ track, kind, frameIndex, record })),
    ),
  )
  // Frame by frame over all objects, so that each picture is encoded once.
  for (const { track, kind, frameIndex, record } of pending.sort((a, b) => a.frameIndex - b.frameIndex)) {
    const facts = { fromPrompts: true, absent: record.objectScore <= 0 }
    const known = await features.use(frameIndex, record.view, async (image) => ({
      // The memory comes last: what fails before it leaves nothing on a device.
      appearance: asksAppearance ? await model.contrastForeground(image, record.maskLogits) : null,
      memory: await model.encodeMemory(image, record.maskLogits, facts),
    }))
    track.settled[kind].set(frameIndex, { ...record, ...known })
    track.pending[kind].delete(frameIndex)
  }
  for (const track of tracks) {
    if (track.settled.conditioning.size === 0) {
      throw new NothingToTrack(`Object ${track.objectId} has no prompts, so it cannot be tracked.`)
    }
    for (const frameIndex of track.settled.conditioning.keys()) track.settled.tracked.delete(frameIndex)
  }
}
