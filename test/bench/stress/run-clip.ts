import { decodeRunLength } from '../../../electron/engine/masks/run-length-mask.ts'
import { featureBytesOf } from '../../../electron/engine/tracking/feature-cache.ts'
import { keepFeatures } from '../../../electron/engine/tracking/shared-features.ts'
import { trackVideo } from '../../../electron/engine/tracking/track-video.ts'
import type { PredictorMode } from '../../../electron/engine/tracking/predictor-types.ts'
import type { Sam2Model } from '../../../models/sam2/sam2-model.ts'
import { ClipVideo } from './clip-video.ts'
import { ClipScore } from './clip-score.ts'
import type { StressClip } from './stress-clip.ts'

/** Features of a whole sequence that goes to and fro fit in here. */
const keptFeatureBytes = 700 * 2 ** 20

export const modes = ['reference', 'default'] as const satisfies readonly PredictorMode[]
export type ClipScores = Readonly<Record<(typeof modes)[number], ClipScore>>

/** Tracks a clip in both modes, side by side, from the object's mask on frame 0. Each picture is encoded once. */
export async function runClip(clip: StressClip, model: Sam2Model): Promise<ClipScores> {
  const video = new ClipVideo(clip)
  const sharedFeatures = keepFeatures(
    model,
    Math.max(2, Math.floor(keptFeatureBytes / featureBytesOf(model))),
    (frameIndex) => String(clip.pictureNumber(frameIndex)),
  )
  const { truth } = await video.trueFrame(0)
  const track = (mode: PredictorMode) =>
    trackVideo({
      ...{ video, model, mode, sharedFeatures, direction: 'forward' },
      prompts: [{ objectId: 1, frameIndex: 0, prompt: { kind: 'mask', mask: truth } }],
      range: { first: 0, last: clip.frameCount - 1 },
    })
  const tracks = modes.map((mode) => ({ frames: track(mode), score: new ClipScore(clip) }))
  for (let frameIndex = 0; frameIndex < clip.frameCount; frameIndex++) {
    for (const { frames, score } of tracks) {
      const { value, done } = await frames.next()
      if (done) throw new Error(`tracking of ${clip.name} ended before frame ${frameIndex}`)
      score.add(frameIndex, decodeRunLength(value.tracked.masks[0]!.mask), await video.trueFrame(frameIndex))
    }
  }
  for (const { frames } of tracks) await frames.return(undefined)
  sharedFeatures.cache.clear()
  return { reference: tracks[0]!.score, default: tracks[1]!.score }
}
