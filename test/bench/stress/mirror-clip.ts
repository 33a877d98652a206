import { copyOf, cutOut, paste, reshaped, without } from './layers.ts'
import type { SeededRandom } from './seeded-random.ts'
import type { StressClip } from './stress-clip.ts'
import type { TrueSequence } from './true-sequence.ts'

const frameCount = 32
/** The copy is over the object in the middle of the clip. */
const meeting = 15

/** The object's mirrored copy comes in from one side, crosses the object, before or behind it, and goes out at the other. */
export function mirrorClip(sequence: TrueSequence, random: SeededRandom): StressClip {
  const side = random.pick([-1, 1])
  const isInFront = random.next() < 0.5
  const { widthPx, heightPx } = sequence
  return {
    category: 'c',
    name: `${sequence.name}, copy ${isInFront ? 'before' : 'behind'} it`,
    degree: null,
    widthPx,
    heightPx,
    frameCount,
    returns: [meeting + 5],
    pictureNumber: (frameIndex) => frameIndex,
    async paint(frameIndex) {
      const { picture, mask } = await sequence.at(frameIndex)
      const object = cutOut(picture, mask)
      const nothing = { widthPx, heightPx, data: new Uint8Array(widthPx * heightPx) }
      if (!object) return { picture, truth: mask, wrong: nothing }
      const canvas = copyOf(picture)
      const copy = await reshaped(object, 1, true)
      // From outside the picture to where the object is, and on to the other side.
      const path = (frameIndex - meeting) / meeting
      const distance = side * path * (widthPx / 2 + object.widthPx / 2)
      const seen = paste(
        canvas,
        copy,
        object.centreX + distance,
        object.centreY,
        isInFront ? undefined : mask,
      )
      return { picture: canvas, truth: isInFront ? without(mask, seen) : mask, wrong: seen }
    },
  }
}
