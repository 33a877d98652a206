import type { StressClip } from './stress-clip.ts'
import type { TrueSequence } from './true-sequence.ts'

/** A long clip: a sequence forward, backward, forward and so on. */
export function loopClip(sequence: TrueSequence, frameCount: number): StressClip {
  return {
    category: 'e',
    name: `${sequence.name}, ${frameCount} frames`,
    degree: null,
    widthPx: sequence.widthPx,
    heightPx: sequence.heightPx,
    frameCount,
    returns: [],
    pictureNumber: (frameIndex) => sequence.indexAt(frameIndex),
    async paint(frameIndex) {
      const { picture, mask } = await sequence.at(frameIndex)
      return { picture, truth: mask, wrong: null }
    },
  }
}
